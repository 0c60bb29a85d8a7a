/**
 * Deletes conversations idle for VX11_CHAT_RETENTION_DAYS, and what an interrupted deletion left; VX11's own, which have no
 * principal, are kept.
 */
import { storedMoment } from '../../lib/moment-forms.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'
import { sessionStore } from './session-store.ts'

type RetentionDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

const dayMs = 86_400_000
const hourMs = 3_600_000
/** In one go; the rest a minute later. */
const atOnce = 50

/** Called once a minute, works once an hour. Never rejects; the next call retries a failure. */
export function sessionRetention({ clock, config, database, log }: RetentionDeps): () => Promise<void> {
  let dueAt = Number.NEGATIVE_INFINITY
  return async function forgetSessions() {
    if (clock.monotonic() < dueAt) return
    const days = config.chat.retentionDays
    const store = sessionStore(database)
    try {
      const left = await store.halfDeleted(atOnce)
      for (const session of left) await store.remove(session)
      const idle = days === null ? [] : await store.idleSince(storedMoment(clock.now() - days * dayMs), atOnce)
      for (const session of idle) await store.remove(session)
      if (left.length < atOnce && idle.length < atOnce) dueAt = clock.monotonic() + hourMs
      if (idle.length > 0) log.info('sessions_forgotten', { count: idle.length })
    } catch (error) {
      log.warn('sessions_not_forgotten', { reason: rootReason(error) })
    }
  }
}
