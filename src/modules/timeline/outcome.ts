/** What a status says of recorded work. */
import type { RecordedOutcome } from '../../ports/index.ts'

export function outcomeOfStatus(status: number): RecordedOutcome {
  if (status === 499) return 'cancelled'
  if (status >= 500) return 'failed'
  return status >= 400 ? 'refused' : 'ok'
}
