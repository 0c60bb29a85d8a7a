/** A bounded map of keys to expiry timestamps. Expired keys are swept on insert, so it needs no timer. */

export interface TimestampTable {
  get(key: string): number | undefined
  /** Inserting a new key also sweeps a few old ones. */
  set(key: string, timestamp: number, now: number): void
  size(): number
}

/** Sweeping at twice the insert rate keeps the expired keys fewer than the live ones. */
const LOOKS_PER_NEW_KEY = 2
/** How many entries to inspect for an eviction candidate when the table is full. */
const LOOKS_FOR_ROOM = 128

export function timestampTable(maxKeys: number): TimestampTable {
  const timestamps = new Map<string, number>()
  let hand = timestamps.entries()

  /** The next entry, cyclically; a Map iterator stays valid across deletions and insertions. */
  function nextEntry(): [string, number] | undefined {
    const step = hand.next()
    if (!step.done) return step.value
    hand = timestamps.entries()
    return hand.next().value
  }

  /** Deletes expired entries among the next `looks`; returns the first that expires by `enough`, else the soonest. */
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

  /** New keys expire soon, so a flood of them evicts other new keys and not keys near their limit. */
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
