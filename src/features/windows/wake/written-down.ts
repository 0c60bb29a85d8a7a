/** The beginning of a window that opens by itself, written down when one is opened, and not when one is joined. */

import type { Actor } from '../../../modules/audit/act.ts'
import { type BeginAct, dropAttempt } from '../../../modules/audit/attempt.ts'
import type { Deps } from '../../../ports/index.ts'

type WrittenDownDeps = Pick<Deps, 'background' | 'database'> & { beginAct: BeginAct }

export function writtenDown({ background, beginAct, database }: WrittenDownDeps, target: string, actor: Actor) {
  let id: number | null = null
  const forget = async (attempt: number) => dropAttempt(database.open(), attempt).catch(() => {})
  return {
    begin: async (): Promise<void> => {
      id = await beginAct({ act: 'window.wake', target }, actor)
    },
    /** The row, whose place the record of the end takes. */
    end: (): number | null => {
      const row = id
      id = null
      return row
    },
    /** Without an end: a failure is recorded for everybody who waited, and a window that was joined is no act. */
    drop: (): void => {
      if (id !== null) background(forget(id))
      id = null
    },
  }
}
