/** Changes state together with the events that report it: reads, decides, writes if nothing changed in between. */

import type { Db } from '../../../db/database.ts'
import { type DatabaseTimeoutDeps, onDatabase } from '../../../db/database-timeout.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { AppendOnce, Changed, EventLog, NewEvent, StateChange } from '../../../ports/index.ts'

export type ChangeStateDeps = DatabaseTimeoutDeps & { events: Pick<EventLog, 'change'> }

/** What is to be stored, and what is reported to the caller afterwards. */
export interface PlannedChange<T> {
  change: StateChange
  events: readonly NewEvent[]
  result: T
}

export interface Decided<T> extends Changed {
  result: T
}

/** Each lost race is another caller's success. */
const maxTurns = 20

/** `decide` reads, and gives null where nothing is to be done, or throws a refusal. Rejects with `database_unavailable`; the change may still have been made. */
export const changeState = <T>(
  deps: ChangeStateDeps,
  decide: (db: Db) => Promise<PlannedChange<T> | null>,
  once?: AppendOnce,
): Promise<Decided<T> | null> =>
  onDatabase(deps, async (db) => {
    for (let turn = 0; turn < maxTurns; turn++) {
      const decision = await decide(db)
      if (!decision) return null
      const { change, events, result } = decision
      const changed = await deps.events.change(change, events, once).catch(inOurWords)
      if (changed) return { ...changed, result }
    }
    throw new Error(`lost ${maxTurns} attempts to other callers`)
  })

const inOurWords = (error: unknown): never => {
  const isAway = error instanceof GatewayError && error.code === 'events_unavailable'
  throw isAway ? new GatewayError('database_unavailable', {}, { cause: error }) : error
}
