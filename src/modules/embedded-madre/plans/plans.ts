/** What the real madre would run to start and stop services. Here it stays a plan: there is no docker to run it. */
import * as v from 'valibot'
import { Name } from '../requests/fields.ts'

export const PowerRequest = v.object({ apply: v.optional(v.boolean(), false), confirm: v.nullish(Name()) })
export const PlanRequest = v.object({ service: Name() })
export const ModeRequest = v.object({ mode: v.picklist(['low_power', 'operative_core', 'full']) })

interface Step {
  cmd: readonly string[]
  timeout: number
}

const commandTimeoutS = 30
const confirmation = 'I_UNDERSTAND_THIS_STOPS_SERVICES'

const compose = (...words: readonly string[]): Step => ({
  cmd: ['docker', 'compose', '-p', 'vx11', ...words],
  timeout: commandTimeoutS,
})

const nothingDone = {
  executed: [],
  out_dir: null,
  message: 'A plan only: the embedded madre has no docker and executes nothing.',
}

/** The long form (contract madre/service-control). `apply` is always false, as at a madre without docker. */
export const servicePlan = (
  service: string,
  action: 'start' | 'stop' | 'restart',
  { confirm, timestamp }: { confirm: string | null | undefined; timestamp: string },
) => ({
  status: 'plan',
  apply: false,
  service,
  action,
  plan: [compose(action, service)],
  ...nothingDone,
  timestamp,
  db_write: 'skipped',
  // Neither a power key nor a power token exists here, and the gateway's limits are the only ones.
  security: { key: false, token: false, confirm: confirm === confirmation, rate_ok: true },
})

/** The short form. */
export const shortPlan = (service: string, action: 'start' | 'stop') => ({
  status: 'plan',
  service,
  plan: [action === 'start' ? compose('up', '-d', service) : compose('stop', service)],
  ...nothingDone,
})

const core = ['switch', 'spawner', 'mcp']

/** The gateway stays up in every mode: it is what madre is embedded in. */
export function modePlan(mode: v.InferOutput<typeof ModeRequest>['mode'], services: readonly string[]) {
  const runs = (name: string) => {
    if (mode === 'low_power') return false
    return mode === 'operative_core' ? core.includes(name) : name !== 'mcp'
  }
  const others = services.filter((name) => name !== 'tentaculo_link')
  const plan = others.map((name) => (runs(name) ? compose('up', '-d', name) : compose('stop', name)))
  return { status: 'plan', mode, plan, ...nothingDone }
}
