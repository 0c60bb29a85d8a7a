/**
 * Stores acts that are not the gateway's own change: a line in `audit_logs` and an event with its row in the ledger, in
 * one transaction. Refusals and failures alike are thinned out, so that no caller can fill the database with them.
 */
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { type Act, type Actor, auditOf } from './act.ts'
import { dropAttempt } from './attempt.ts'
import { refusalGate } from './refusal-gate.ts'

/**
 * `caller` is whose refusals are counted, `attempt` the row of the act's beginning. For an act that was done it resolves
 * when it is stored, or when that will be tried again; it never rejects.
 */
export type RecordAct = (
  act: Act,
  actor: Actor,
  caller: string,
  attempt?: number | null | undefined,
) => undefined | Promise<void>

type RecordDeps = Pick<Deps, 'background' | 'clock' | 'database' | 'events' | 'log' | 'metrics'>

/** How long an answer waits for the record of its act. */
const timeoutMs = 2000
const attempts = 4
const pauseMs = 1000
/** Acts that wait for the database. */
const maxWaiting = 200

/** An act with the row of its beginning. */
interface EndedAct extends Act {
  attempt?: number | null | undefined
}

export function actRecorder({ background, clock, database, events, log, metrics }: RecordDeps): RecordAct {
  const gate = refusalGate(clock)
  let waiting = 0

  /** Where the beginning's row is gone, the end is stored: by an earlier try, or with the change itself. */
  const store = async ({ attempt, ...act }: EndedAct, actor: Actor): Promise<void> => {
    const { line, event } = auditOf(act, actor)
    const change = { lines: [line], ...(attempt != null && { attempts: [attempt] }) }
    await withTimeout(clock, timeoutMs, events.change(change, [event]), () => new Error('late'))
  }

  async function again(act: EndedAct, actor: Actor): Promise<void> {
    for (let attempt = 2; attempt <= attempts; attempt++) {
      await clock.sleep(pauseMs * attempt)
      const isStored = await store(act, actor).then(
        () => true,
        () => false,
      )
      if (isStored) return
    }
    notStored(act, actor)
  }

  const notStored = ({ act }: Act, { principal, correlationId }: Actor) => {
    metrics.actNotRecorded()
    log.error('audit_not_stored', {
      reason: act,
      correlation_id: correlationId,
      ...(principal !== null && { principal }),
    })
  }

  const tryAgain = (act: EndedAct, actor: Actor) => {
    if (waiting >= maxWaiting) return notStored(act, actor)
    waiting++
    background(again(act, actor).finally(() => waiting--))
  }

  const leaveOut = async (attempt: number) => dropAttempt(database.open(), attempt).catch(() => {})

  return (act, actor, caller, attempt) => {
    const stored = (each: Act) => {
      const ended = { ...each, attempt }
      return store(ended, actor).catch(() => tryAgain(ended, actor))
    }
    if (act.outcome === 'done') return stored(act)
    const passed = gate(`${caller} ${act.act} ${act.error}`, actor.principal !== null)
    if (passed) background(stored(passed.leftOut > 0 ? { ...act, repeated: passed.leftOut } : act))
    else if (attempt != null) background(leaveOut(attempt))
    return undefined
  }
}
