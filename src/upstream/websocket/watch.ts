/** Closes idle and no longer allowed relays, and drops dead ends. All watches stop with the signal. */
import type { CredentialEnd } from '../../ports/index.ts'
import type { Relay } from './relay.ts'

/** Pings do not count as use: a forgotten browser tab also pings. */
export function closeWhenIdle(relay: Relay, closing: AbortSignal): void {
  const { clock, rules } = relay.relaying
  const watch = async () => {
    for (;;) {
      const left = relay.lastMessageAt + rules.idleMs - clock.monotonic()
      if (left <= 0) return relay.end('gateway', 1001, { code: 1001, reason: 'idle' })
      await clock.sleep(left, closing)
    }
  }
  watch().catch(stopped)
}

/** A paused end cannot answer: its pongs wait behind unread messages. */
export function keepAlive(relay: Relay, closing: AbortSignal): void {
  const { clock, rules } = relay.relaying
  const watch = async () => {
    for (;;) {
      for (const side of [relay.caller, relay.upstream]) {
        if (!side.heard && !side.held) return side.peer.terminate()
        if (!side.peer.ping) continue
        side.heard = false
        side.peer.ping()
      }
      await clock.sleep(rules.pingEveryMs, closing)
    }
  }
  clock.sleep(rules.pingEveryMs, closing).then(watch).catch(stopped)
}

/** RFC 6455 §7.4.1: 1008 means a policy violation, which every further message would be. */
export function closeWithWindow(relay: Relay, closing: AbortSignal): void {
  const close = { code: 1008, reason: 'power window closed' }
  relay.relaying.windowEnd?.(closing).then(() => relay.end('gateway', close.code, close), stopped)
}

export function closeWithCredential(relay: Relay, closing: AbortSignal): void {
  const close = (end: CredentialEnd) =>
    relay.end('gateway', 1008, { code: 1008, reason: end === 'expired' ? 'token expired' : 'key revoked' })
  relay.relaying.credentialEnd?.(closing).then(close, stopped)
}

/** The relay ended and cancelled the sleep. */
const stopped = () => {}
