/** Names the command that really wakes a module: the compose profiles are those of VX11's own compose file. */
import type { UpstreamName } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'

/** VX11 shipped its operator backend without code: no command starts it. */
export const isArchived = (name: UpstreamName): boolean => vx11Services[name].archived

export function activationCommand(name: UpstreamName): string | null {
  const { archived, profile, service } = vx11Services[name]
  if (archived) return null
  return `docker compose ${profile ? `--profile ${profile} ` : ''}up -d ${service}`
}
