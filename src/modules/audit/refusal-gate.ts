/** Which refusals are recorded: of equal ones a few a minute, and of unknown callers a bounded number in all. */
import type { Clock } from '../../ports/index.ts'

const windowMs = 60_000
const maxAlike = 5
/** Of callers without a right token, whatever their addresses. */
const maxUnknown = 60
/** Kinds that are counted at once. */
const maxKinds = 2000

interface Counted {
  since: number
  recorded: number
  leftOut: number
}

/** Undefined for one that is left out; otherwise how many of its kind were left out since the last one. */
export type RefusalGate = (kind: string, isKnown: boolean) => { leftOut: number } | undefined

export function refusalGate({ monotonic }: Pick<Clock, 'monotonic'>): RefusalGate {
  const kinds = new Map<string, Counted>()
  const unknown: Counted = { since: Number.NEGATIVE_INFINITY, recorded: 0, leftOut: 0 }

  function begin(counted: Counted, now: number): Counted {
    if (now - counted.since >= windowMs) Object.assign(counted, { since: now, recorded: 0 })
    return counted
  }

  function counter(kind: string, now: number): Counted {
    const known = kinds.get(kind)
    if (known) return begin(known, now)
    if (kinds.size >= maxKinds) for (const [old, { since }] of kinds) if (now - since >= windowMs) kinds.delete(old)
    // While too many kinds are new, they share one.
    const name = kinds.size < maxKinds ? kind : ''
    const made = kinds.get(name) ?? { since: now, recorded: 0, leftOut: 0 }
    kinds.set(name, made)
    return begin(made, now)
  }

  return (kind, isKnown) => {
    const now = monotonic()
    const own = counter(kind, now)
    const isFull = own.recorded >= maxAlike || (!isKnown && begin(unknown, now).recorded >= maxUnknown)
    if (isFull) {
      own.leftOut++
      return undefined
    }
    own.recorded++
    if (!isKnown) unknown.recorded++
    const { leftOut } = own
    own.leftOut = 0
    return { leftOut }
  }
}
