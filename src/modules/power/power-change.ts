/** Follows the power changes that this gateway sends to madre, because she answers nothing else while she works on one. */
import * as v from 'valibot'
import type { Config } from '../../config/config.ts'
import type { ChangeOrigin, Clock, HeaderFields, Upstream, UpstreamInit } from '../../ports/index.ts'

export interface PowerChange extends ChangeOrigin {
  /** `working`: any other change, a service plan for example. */
  state: 'opening' | 'closing' | 'working'
  /** The services asked for; null where the request does not name them. */
  services: readonly string[] | null
  reason: string | null
  /** The real madre applies solo_madre without closing her window. */
  keepsWindow: boolean
}

export interface PowerChanges {
  /** The oldest change that is under way. */
  current(): PowerChange | null
  /** Takes the change that explains a window with these services; each successful change explains one. */
  explain(state: 'opening' | 'closing', services: readonly string[]): PowerChange | null
  /** The same upstream; `done` runs after each change, also after a failed one, because madre may have made it. */
  follow(madre: Upstream, done: (change: PowerChange, status: number | null) => void): Upstream
}

/** On workerd a change may never end: it is dropped with its request. */
const maxAgeMs = 600_000

export function powerChanges(clock: Pick<Clock, 'monotonic'>): PowerChanges {
  const began = new Map<PowerChange, number>()
  const underWay = () => [...began].flatMap(([change, at]) => (clock.monotonic() - at < maxAgeMs ? [change] : []))
  const made: Partial<Record<PowerChange['state'], PowerChange>> = {}
  return {
    current: () => underWay()[0] ?? null,

    explain(state, services) {
      const fits = (change: PowerChange) =>
        change.state === state && (change.services === null || sameServices(change.services, services))
      const settled = made[state]
      if (settled && fits(settled)) {
        delete made[state]
        return settled
      }
      return underWay().find(fits) ?? null
    },

    follow: (madre, done) => async (target, init) => {
      const change = powerChangeOf(target, init)
      if (!change) return madre(target, init)
      began.set(change, clock.monotonic())
      let status: number | null = null
      try {
        const answer = await madre(target, init)
        status = answer.status
        if (status === 200) made[change.state] = change
        return answer
      } finally {
        began.delete(change)
        done(change, status)
      }
    },
  }
}

const sameServices = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name))

const prefix = '/madre/power/'
const openPath = `${prefix}window/open`
const closePath = `${prefix}window/close`
const applyPath = `${prefix}policy/solo_madre/apply`

function powerChangeOf(target: string, init: UpstreamInit): PowerChange | null {
  const path = pathOf(target)
  if (init.method === 'GET' || init.method === 'HEAD' || !path.startsWith(prefix)) return null
  const header = (name: string) => v.parse(v.fallback(v.nullable(v.string()), null), init.headers[name] ?? null)
  const origin = { correlationId: header('x-correlation-id'), principal: header(principalHeader) }
  const common = { ...origin, keepsWindow: path !== closePath }
  if (path === openPath) return { state: 'opening', ...common, ...requested(init.body) }
  const state = path === closePath || path === applyPath ? 'closing' : 'working'
  return { state, ...common, services: null, reason: null }
}

/** Names the caller to madre. */
export const principalHeader = 'x-vx11-principal'
/** Names the audit's row of the act to the embedded madre, whose window is stored together with the act's end. */
export const attemptHeader = 'x-vx11-attempt'

/** Of a request to madre; a real one has no use for the row. */
export const attemptFields = ({ upstreams }: Pick<Config, 'upstreams'>, attempt: number | undefined): HeaderFields =>
  attempt === undefined || upstreams.madre.kind !== 'embedded' ? {} : { [attemptHeader]: String(attempt) }

const pathOf = (target: string): string => target.split('?', 1)[0] ?? target

const Requested = v.object({
  services: v.fallback(v.nullable(v.array(v.string())), null),
  reason: v.fallback(v.nullable(v.string()), null),
})
const maxReadLength = 65_536

/** A streamed body is not read. */
function requested(body: UpstreamInit['body']): v.InferOutput<typeof Requested> {
  const nothing = { services: null, reason: null }
  if (!(body instanceof Uint8Array) || body.byteLength > maxReadLength) return nothing
  try {
    const read = v.safeParse(Requested, JSON.parse(new TextDecoder().decode(body)))
    return read.success ? read.output : nothing
  } catch {
    return nothing
  }
}
