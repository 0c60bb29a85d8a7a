/** Ends relays that nobody uses or that may not go on, and drops ends that are gone without a word. All stop at the signal. */
import type { Relay } from './relay.ts'

/** Pings count as no use: a tab that was forgotten pings as well. */
export function closeWhenIdle(relay: Relay, closing: AbortSignal): void {
  const { clock, rules } = relay.relaying
  const watch = async () => {
    for (;;) {
      const left = relay.lastMessageAt + rules.idleMs - clock.now()
      if (left <= 0) return relay.end('gateway', 1001, { code: 1001, reason: 'idle' })
      await clock.sleep(left, closing)
    }
  }
  watch().catch(stopped)
}

/** An end that is held cannot answer: its pongs wait behind the messages that are not read. */
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

/** RFC 6455 §7.4.1: 1008 is for a message that a policy forbids, as every further one is. */
export function closeWithWindow(relay: Relay, closing: AbortSignal): void {
  const close = { code: 1008, reason: 'power window closed' }
  relay.relaying.windowEnd?.(closing).then(() => relay.end('gateway', close.code, close), stopped)
}

/** The relay ended, which is how a sleep is broken off. */
const stopped = () => {}
