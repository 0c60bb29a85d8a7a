/** Whether requests may wake modules, for how long, how often, and when windows open by themselves. */
import * as v from 'valibot'
import { cronTimes } from '../lib/cron.ts'
import { parseJson } from '../lib/json-text.ts'
import type { Environment } from './environment/environment.ts'
import { BooleanText, IntegerText } from './values.ts'

export interface WindowSchedule {
  name: string
  /** Five fields. */
  cron: string
  timezone: string
  services: readonly string[]
  ttlS: number
}

export interface WakeConfig {
  enabled: boolean
  /** A window that a request opened ends after this time without use. */
  idleS: number
  /** However much it is used. */
  maxS: number
  /** How long a request waits for the module that it wakes. */
  timeoutMs: number
  /** Windows that requests may open, over all instances. */
  perHour: number
  schedules: readonly WindowSchedule[]
}

const maxSchedules = 50

const Schedule = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/)),
  cron: v.pipe(v.string(), v.maxLength(120)),
  timezone: v.optional(v.pipe(v.string(), v.maxLength(64)), 'UTC'),
  services: v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.minLength(1), v.maxLength(32)),
  ttl_seconds: v.pipe(v.number(), v.integer(), v.minValue(60), v.maxValue(86_400)),
})
const Schedules = v.pipe(v.array(Schedule), v.maxLength(maxSchedules))

export function readWake(env: Environment, windowServices: readonly string[]): WakeConfig {
  const idleS = env.value('VX11_WAKE_IDLE_S', IntegerText(60, 86_400))
  const maxS = env.value('VX11_WAKE_MAX_S', IntegerText(60, 86_400))
  if (maxS < idleS) env.complain('VX11_WAKE_MAX_S', 'must not be less than VX11_WAKE_IDLE_S')
  return {
    enabled: env.value('VX11_WAKE_ENABLED', BooleanText),
    idleS,
    maxS,
    timeoutMs: env.value('VX11_WAKE_TIMEOUT_S', IntegerText(1, 300)) * 1000,
    perHour: env.value('VX11_WAKE_PER_HOUR', IntegerText(1, 1000)),
    schedules: readSchedules(env, windowServices),
  }
}

function readSchedules(env: Environment, windowServices: readonly string[]): WindowSchedule[] {
  const complain = (message: string) => env.complain('VX11_WINDOW_SCHEDULES', message)
  const text = env.optional('VX11_WINDOW_SCHEDULES', v.string())
  if (text === null) return []
  const read = v.safeParse(Schedules, parseJson(text))
  if (!read.success) {
    complain('must be a JSON list of objects of name, cron, services, ttl_seconds (60 to 86400) and perhaps timezone')
    return []
  }
  const schedules = read.output.map(({ ttl_seconds: ttlS, ...rest }) => ({ ...rest, ttlS }))
  for (const [index, { cron, timezone, services, name }] of schedules.entries()) {
    const place = `entry ${index + 1}`
    if (!cronTimes(cron, timezone)) complain(`${place}: cron must have five fields, timezone an IANA name`)
    if (!services.every((service) => windowServices.includes(service)))
      complain(`${place}: services must be in VX11_ALLOWED_WINDOW_SERVICES`)
    if (schedules.findIndex((each) => each.name === name) < index)
      complain(`${place}: name must differ from the others`)
  }
  return schedules
}
