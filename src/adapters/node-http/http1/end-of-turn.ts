/**
 * Batches the writes of one event-loop turn at its end. Waking the reading process costs more than the write itself;
 * a reader woken by the first write is still awake for the rest of the batch.
 */

let waiting: (() => void)[] = []

/** Runs `work` after the callbacks of this turn, in the order of the calls. `work` must not throw. */
export function atEndOfTurn(work: () => void): void {
  if (waiting.push(work) === 1) setImmediate(runWaiting)
}

function runWaiting(): void {
  const works = waiting
  waiting = []
  for (const work of works) work()
}
