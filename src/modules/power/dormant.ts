/** Names the command that really wakes a module: the compose profiles are those of VX11's own compose file. */
import type { UpstreamName } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'

/** The compose profile of each service; madre has none. */
const profiles: Partial<Record<UpstreamName, string>> = {
  switch: 'core',
  hermes: 'core',
  hormiguero: 'core',
  mcp: 'core',
  spawner: 'core',
  shub: 'audio',
  manifestator: 'maintenance',
}

/** VX11 shipped its operator backend without code: no command starts it. */
export const isArchived = (name: UpstreamName): boolean => name === 'operator'

export function activationCommand(name: UpstreamName): string | null {
  if (isArchived(name)) return null
  const profile = profiles[name]
  return `docker compose ${profile ? `--profile ${profile} ` : ''}up -d ${vx11Services[name].service}`
}
