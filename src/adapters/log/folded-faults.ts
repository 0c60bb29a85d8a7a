/**
 * Folds faults that repeat: the first line at once, then one a minute with their count, and one when a minute passed
 * without any. A store that is away would else be several lines for each request.
 */
import type { Clock, Log, LogFields } from '../../ports/index.ts'

type FaultLevel = 'warn' | 'error'

interface Fault {
  level: FaultLevel
  event: string
  fields: LogFields
  /** Since the last line. */
  count: number
  /** Since the first line. */
  total: number
  shownAt: number
  lastAt: number
}

export interface FoldedLog extends Log {
  /** Writes what is due; to be called now and then where nothing else may be logged for long. */
  sweep(): void
}

const intervalMs = 60_000
/** More kinds at once are written as they come. */
const maxKinds = 200

export function foldedFaults(log: Log, clock: Pick<Clock, 'monotonic'>): FoldedLog {
  const faults = new Map<string, Fault>()

  function sweep(): void {
    const now = clock.monotonic()
    for (const [kind, fault] of faults) {
      if (now - fault.lastAt >= intervalMs) end(kind, fault)
      else if (fault.count > 0 && now - fault.shownAt >= intervalMs) tell(fault, now)
    }
  }

  function tell(fault: Fault, now: number): void {
    log[fault.level](fault.event, { ...fault.fields, count: fault.count })
    fault.count = 0
    fault.shownAt = now
  }

  /** A fault that came once has no end. */
  function end(kind: string, { event, fields, total }: Fault): void {
    faults.delete(kind)
    if (total === 1) return
    const { route: _route, error: _error, ...of } = common(fields)
    log.info('fault_over', { error: event, ...of, count: total })
  }

  const folded =
    (level: FaultLevel) =>
    (event: string, fields: LogFields = {}) => {
      sweep()
      const kind = kindOf(event, fields)
      const now = clock.monotonic()
      const known = faults.get(kind)
      if (known) {
        known.count++
        known.total++
        known.lastAt = now
        return
      }
      log[level](event, fields)
      if (faults.size < maxKinds)
        faults.set(kind, { level, event, fields: common(fields), count: 0, total: 1, shownAt: now, lastAt: now })
    }
  const info: Log['info'] = (event, fields) => {
    if (faults.size > 0) sweep()
    log.info(event, fields)
  }
  return { debug: log.debug, info, warn: folded('warn'), error: folded('error'), sweep }
}

/** What repetitions share; a correlation id is one request's. */
function common({ upstream, address, error, reason, route }: LogFields): LogFields {
  const of = { ...(upstream && { upstream }), ...(address && { address }) }
  return { ...(route && { route }), ...of, ...(error && { error }), ...(reason && { reason }) }
}

const kindOf = (event: string, { upstream, address, error, reason, route }: LogFields) =>
  JSON.stringify([event, upstream, address, error, reason, route])
