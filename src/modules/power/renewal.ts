/** Renews a window that was opened with `extend` while it is used, up to its cap. One loop serves all callers. */
import { isoMoment } from '../../lib/moment-forms.ts'
import { readBytes } from '../../lib/read-body.ts'
import type { Deps } from '../../ports/index.ts'
import { tellUpstream } from '../../upstream/ask.ts'
import { type ActivityDeps, lastUse, readUse } from '../../upstream/layers/activity.ts'
import type { PowerPolicy } from './power-policy.ts'
import type { PowerState, PowerWindow, Renewal } from './power-state.ts'

export type RenewalDeps = ActivityDeps & Pick<Deps, 'announce' | 'background' | 'log' | 'random' | 'upstreams'>

const lookEveryMs = 1000
const minPauseMs = 50
/** How long before its end a window is renewed: late, so that one renewal counts all use until then. */
const maxLeadMs = 5000
const maxAnswerLength = 65_536

type Renewable = PowerWindow & { id: string; endsAtMs: number; renewal: Renewal }

/**
 * The same policy. A read of it starts the loop that renews the window, which runs as long as the
 * window. On workerd a loop dies with its request, and the next request begins another.
 */
export function renewsWindows(policy: PowerPolicy, deps: RenewalDeps): PowerPolicy {
  const { clock, background } = deps
  let nextLookAt = Number.NEGATIVE_INFINITY

  async function keepInView(): Promise<void> {
    for (;;) {
      const { state } = await policy.read()
      if (!isRenewable(state.window)) return
      const leftMs = state.window.endsAtMs - clock.now()
      if (leftMs <= Math.min(maxLeadMs, state.window.renewal.ttlMs / 2)) await renewIfUsed(deps, state.window, state)
      const pauseMs = Math.min(lookEveryMs, Math.max(minPauseMs, Math.ceil(leftMs / 2)))
      nextLookAt = clock.monotonic() + pauseMs + lookEveryMs
      await clock.sleep(pauseMs)
    }
  }
  function look(): void {
    const now = clock.monotonic()
    if (now < nextLookAt) return
    nextLookAt = now + lookEveryMs
    background(keepInView())
  }

  return {
    ...policy,
    async read(acceptedMs) {
      const reading = await policy.read(acceptedMs)
      if (isRenewable(reading.state.window)) look()
      return reading
    },
    async admit(name, acceptedMs) {
      const verdict = await policy.admit(name, acceptedMs)
      look()
      return verdict
    },
    async require(name) {
      await policy.require(name)
      look()
    },
  }
}

const isRenewable = (window: PowerWindow | null): window is Renewable =>
  window?.renewal !== undefined && window.id !== null && window.endsAtMs !== null

/** Moves the end to the last use plus the ttl. The next iteration retries a failure. */
async function renewIfUsed(deps: RenewalDeps, window: Renewable, { activeServices }: PowerState): Promise<void> {
  const { announce, clock, log, random } = deps
  const usedAt = lastUse(readUse(deps, activeServices))
  if (usedAt === null) return
  const endsAt = Math.min(usedAt + window.renewal.ttlMs, window.renewal.untilMs)
  if (endsAt <= window.endsAtMs) return
  const correlationId = random.uuid()
  const json = { window_id: window.id, idle_ms: Math.max(0, Math.round(clock.now() - usedAt)) }
  try {
    const target = '/madre/power/window/extend'
    const answer = await tellUpstream(deps, 'madre', { target, correlationId, json })
    // Unread, it would keep its slot of madre's in-flight limit.
    if (answer) await readBytes(answer.body, maxAnswerLength)
    if (answer?.status !== 200) throw new Error(`status ${answer?.status}`)
    const summary = `Power window ${window.id} is in use and was renewed until ${isoMoment(endsAt)}`
    announce({ type: 'gateway.window.extended', severity: 'info', module: 'madre', summary, correlationId })
  } catch (error) {
    log.warn('window_not_renewed', { correlation_id: correlationId, reason: (error as Error).message })
  }
}
