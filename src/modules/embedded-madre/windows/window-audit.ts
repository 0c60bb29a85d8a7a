/** The audit of an act that changes the window, to be stored with the change in the place of the act's beginning. */
import { isoMomentOrNull } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type Act, auditOf } from '../../audit/act.ts'
import { readAttempt } from '../../audit/attempt.ts'
import type { WindowOrigin } from '../requests/origin.ts'
import { onMadreDatabase } from '../requests/refusal.ts'
import type { StoredWindow, StoredWindowChange, ToldChange } from './window-store.ts'

/** Undefined for a change that is no act: a renewal, the end of a window, a caller past the gateway. */
export async function windowAudit(
  { database }: Pick<Deps, 'database'>,
  before: StoredWindow | null,
  after: StoredWindow | null,
  { window }: StoredWindowChange,
  origin: WindowOrigin | undefined,
): Promise<ToldChange['audit']> {
  const { attempt, correlationId } = origin ?? { attempt: null, correlationId: null }
  if (attempt === null) return undefined
  const begun = await onMadreDatabase(() => readAttempt(database.open(), attempt, correlationId))
  if (!begun) return undefined
  const state = after ? 'open' : 'closed'
  const act: Act = {
    ...{ act: begun.act, target: window.services.join(', '), outcome: 'done' as const, error: null },
    before: before && described(before),
    after: { state, ...described(after ?? { ...window, services: [], deadlineMs: null }) },
  }
  return { attempt, ...auditOf(act, begun.actor) }
}

const described = ({ id, services, deadlineMs }: Pick<StoredWindow, 'id' | 'services' | 'deadlineMs'>) => ({
  ...{ window_id: id, services: ['madre', ...services], deadline: isoMomentOrNull(deadlineMs) },
})
