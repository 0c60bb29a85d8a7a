/** Keeps each provider's circuit and recent outcomes; probes a failing one in the background. */
import { chatProviderTurned } from '../../../announcements.ts'
import { admit, type BreakerRules, type Circuit, closedCircuit, restarted, settle } from '../../../lib/breaker.ts'
import type { CircuitState, Clock, Deps } from '../../../ports/index.ts'
import type { ChatFailure, FailureKind, Provider } from './provider.ts'

export interface ProviderState {
  circuit: CircuitState
  /** Since this process began; on workerd, this isolate. */
  successes: number
  failures: number
  /** Mean of the successes; null before the first. */
  averageLatencyMs: number | null
  lastSuccessAt: number | null
  lastFailure: { kind: FailureKind; reason: string | null; at: number } | null
  /** When a provider that is left alone is looked at again. */
  coolingUntil: number | null
}

export interface ProviderStates {
  /** The circuit's epoch, to report the outcome with; null while the circuit refuses. */
  enter(name: string): number | null
  succeeded(name: string, epoch: number, latencyMs: number): void
  failed(name: string, epoch: number, failure: ChatFailure): void
  /** Looks in the background at those whose cool-down is over. */
  probeDue(providers: readonly Provider[]): void
  read(name: string): ProviderState
  /** It is another one now behind the same name: its circuit closes, its counts stay. */
  exchanged(name: string): void
}

interface Kept {
  circuit: Circuit
  /** The probe was good, and no caller proved it yet: one failure is enough. */
  onTrial: boolean
  /** Told to have failed, and not yet to have returned. */
  away: boolean
  successes: number
  failures: number
  latencySumMs: number
  lastSuccessAt: number | null
  lastFailure: ProviderState['lastFailure']
}

/** Each failure costs a caller seconds, so fewer than for a proxy. */
const failuresInARow = 2
const probeMs = 5000

type StatesDeps = Pick<Deps, 'config' | 'clock' | 'log' | 'announce' | 'background'>

export function providerStates({ config, clock, log, announce, background }: StatesDeps): ProviderStates {
  const kept = new Map<string, Kept>()
  const keptOf = (name: string): Kept => {
    const found = kept.get(name) ?? unknownProvider()
    kept.set(name, found)
    return found
  }
  const rulesFor = ({ onTrial }: Kept): BreakerRules => ({
    failures: onTrial ? 1 : failuresInARow,
    cooldownMs: config.breaker.cooldownMs,
  })

  function left(name: string, { kind, reason }: ChatFailure): void {
    log.warn('chat_provider_failed', { upstream: name, error: kind, ...(reason !== null && { reason }) })
    announce(chatProviderTurned(name, { to: 'failed', kind }))
  }

  function returned(name: string): void {
    log.info('chat_provider_returned', { upstream: name })
    announce(chatProviderTurned(name, { to: 'returned' }))
  }

  async function probe(provider: Provider, epoch: number): Promise<void> {
    const good = await provider.probe?.()
    const state = keptOf(provider.name)
    state.circuit = settle(state.circuit, epoch, good ? 'success' : 'failure', rulesFor(state), clock.monotonic())
    if (good) state.onTrial = true
  }

  return {
    enter(name) {
      const { circuit } = keptOf(name)
      return circuit.state === 'closed' ? circuit.epoch : null
    },

    succeeded(name, epoch, latencyMs) {
      const state = keptOf(name)
      state.circuit = settle(state.circuit, epoch, 'success', rulesFor(state), clock.monotonic())
      state.successes += 1
      state.latencySumMs += latencyMs
      state.lastSuccessAt = clock.now()
      state.onTrial = false
      if (state.away) returned(name)
      state.away = false
    },

    failed(name, epoch, failure) {
      const state = keptOf(name)
      state.failures += 1
      state.lastFailure = { kind: failure.kind, reason: failure.reason, at: clock.now() }
      state.circuit = settle(state.circuit, epoch, 'failure', rulesFor(state), clock.monotonic())
      if (state.circuit.state !== 'open' || state.away) return
      state.away = true
      left(name, failure)
    },

    probeDue(providers) {
      for (const provider of providers) {
        const state = keptOf(provider.name)
        if (state.circuit.state === 'closed' || !provider.probe) continue
        const admitted = admit(state.circuit, clock.monotonic(), probeMs)
        if (!admitted) continue
        state.circuit = admitted
        background(probe(provider, admitted.epoch))
      }
    },

    read: (name) => describe(keptOf(name), clock),

    exchanged(name) {
      const state = kept.get(name)
      if (state) kept.set(name, { ...state, circuit: restarted(state.circuit), onTrial: false })
    },
  }
}

const unknownProvider = (): Kept => ({
  circuit: closedCircuit,
  onTrial: false,
  away: false,
  successes: 0,
  failures: 0,
  latencySumMs: 0,
  lastSuccessAt: null,
  lastFailure: null,
})

const describe = (
  { circuit, successes, failures, latencySumMs, lastSuccessAt, lastFailure }: Kept,
  clock: Clock,
): ProviderState => ({
  circuit: circuit.state,
  successes,
  failures,
  averageLatencyMs: successes === 0 ? null : latencySumMs / successes,
  lastSuccessAt,
  lastFailure,
  coolingUntil: circuit.state === 'open' ? clock.now() + circuit.until - clock.monotonic() : null,
})
