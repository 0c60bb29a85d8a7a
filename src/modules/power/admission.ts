/** Says whether requests may go to a module, and if not, what the operator can do about it. */
import type { Config, UpstreamName } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'
import { activationCommand, isArchived } from './dormant.ts'
import { governed, modeOf, type PowerMode, type PowerState } from './power-state.ts'

interface Refused {
  allowed: false
  state: 'OFF_BY_POLICY' | 'DORMANT' | 'ARCHIVED'
  policy: PowerMode
  /** By its compose name, as windows take it. */
  service: string
  reason: string
  /** What to call or to run. */
  hint: string
  recommendedAction: string
}
export type Admission = { allowed: true } | Refused

/** Shub is reached whenever it is configured, madre always. */
const governedNames: ReadonlySet<UpstreamName> = new Set(governed)

/** A gate counts as a window that is always open. */
export const needsWindow = ({ gates }: Pick<Config, 'gates'>, name: UpstreamName): boolean =>
  governedNames.has(name) && !(name === 'hormiguero' && gates.hormiguero) && !(name === 'mcp' && gates.mcp)

export const isOpen = (config: Pick<Config, 'gates'>, state: PowerState, name: UpstreamName): boolean =>
  !needsWindow(config, name) || (state.window !== null && state.activeServices.includes(vx11Services[name].service))

/** A module that is not configured is refused as that: a window alone would not help. */
export function admission(
  config: Pick<Config, 'gates'>,
  configured: boolean,
  { state, degraded }: { state: PowerState; degraded: boolean },
  name: UpstreamName,
): Admission {
  const { service } = vx11Services[name]
  const common = { allowed: false, policy: modeOf(state), service } as const
  if (!configured) return { ...common, ...dormancy(name) }
  if (isOpen(config, state, name)) return { allowed: true }
  return {
    ...common,
    state: 'OFF_BY_POLICY',
    reason: degraded
      ? `madre does not report which window is open, and none for ${service} was known`
      : `${service} required but its window is not open`,
    hint: hintFor(state, service),
    recommendedAction: 'Ask Madre to open a window',
  }
}

const hintFor = ({ window }: PowerState, service: string): string => {
  const open = `POST /operator/api/window/open {"services": ["${service}"]}`
  return window ? `POST /operator/api/window/close, then ${open}: one window is open at a time.` : open
}

function dormancy(name: UpstreamName): Pick<Refused, 'state' | 'reason' | 'hint' | 'recommendedAction'> {
  const variable = `${name.toUpperCase()}_URL`
  const command = activationCommand(name)
  const start = command === null ? '' : `start it with \`${command}\` and `
  return {
    state: isArchived(name) ? 'ARCHIVED' : 'DORMANT',
    reason: 'not_configured',
    hint: `${name} is dormant: ${start}set ${variable} to where it runs.`,
    recommendedAction: `Set ${variable}`,
  }
}
