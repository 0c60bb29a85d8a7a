/**
 * Lets what one turn of the event loop has to write go out together, at its end. A write wakes its reader, which costs
 * more than the write; readers that are woken by the first of a batch are awake for the others.
 */

let waiting: (() => void)[] = []

/** Runs `work` when the callbacks of this turn are through, in the order of asking. It must not throw. */
export function atEndOfTurn(work: () => void): void {
  if (waiting.push(work) === 1) setImmediate(runWaiting)
}

function runWaiting(): void {
  const works = waiting
  waiting = []
  for (const work of works) work()
}
