/** Keys with the moment at which each may be forgotten; it never holds more than `maxKeys` and needs no timer. */

export interface TimestampTable {
  get(key: string): number | undefined
  /** Each new key also pays for sweeping a few old ones. */
  set(key: string, timestamp: number, now: number): void
  size(): number
}

/** The hand goes round at twice the speed of growth, so what has passed never outnumbers the live for long. */
const LOOKS_PER_NEW_KEY = 2
/** How far the hand goes for a key that may be forgotten before its time. */
const LOOKS_FOR_ROOM = 128

export function timestampTable(maxKeys: number): TimestampTable {
  const timestamps = new Map<string, number>()
  let hand = timestamps.entries()

  /** The next entry, round and round; a Map's iterator survives deletions and sees what is added. */
  function nextEntry(): [string, number] | undefined {
    const step = hand.next()
    if (!step.done) return step.value
    hand = timestamps.entries()
    return hand.next().value
  }

  /** Drops the passed among the next entries, and gives the first live one that passes by `enough`, or else the soonest. */
  function sweep(looks: number, now: number, enough: number): string | undefined {
    let soonest: [string, number] | undefined
    for (let look = 0; look < looks; look++) {
      const entry = nextEntry()
      if (!entry) break
      if (entry[1] <= now) timestamps.delete(entry[0])
      else if (!soonest || entry[1] < soonest[1]) soonest = entry
      if (soonest && soonest[1] <= enough) break
    }
    return soonest?.[0]
  }

  /** A flood of fresh keys owes little and passes soon: it pushes out its own kind, not keys that are used up. */
  function makeRoom(newcomer: number, now: number): void {
    if (timestamps.size < maxKeys) return void sweep(LOOKS_PER_NEW_KEY, now, 0)
    const victim = sweep(LOOKS_FOR_ROOM, now, newcomer)
    if (timestamps.size >= maxKeys && victim !== undefined) timestamps.delete(victim)
  }

  return {
    get: (key) => timestamps.get(key),
    set(key, timestamp, now) {
      if (!timestamps.has(key)) makeRoom(timestamp, now)
      timestamps.set(key, timestamp)
    },
    size: () => timestamps.size,
  }
}
