/** Which rounds count: decided by what the machine was like, never by what was measured. */
import type { Weather } from './machine.ts'

export type DiscardReason = 'stolen time' | 'uneven speed' | 'uneven run queue'

/** A host that takes more than this away lengthens what it interrupts. */
const maxSteal = 0.03
/** Between the slowest and the quickest calibration of a round: turbo, a neighbour on the same core, a throttled host. */
const maxSpeedRatio = 1.1
/** A slice that has the processor half as often has other batches and colder caches than its neighbour. */
const maxQueueRatio = 1.8
/** Added to both queues: two threads beside one are not what forty beside twenty are. */
const queueFloor = 2

/** Null when the round's slices had the same machine beneath them. */
export function discardReason(slices: readonly Weather[]): DiscardReason | null {
  if (slices.some(({ steal }) => steal > maxSteal)) return 'stolen time'
  if (ratioOf(slices.flatMap(({ calibrationUs }) => calibrationUs)) > maxSpeedRatio) return 'uneven speed'
  const queues = slices.map(({ runQueue }) => runQueue + queueFloor)
  return ratioOf(queues) > maxQueueRatio ? 'uneven run queue' : null
}

const ratioOf = (values: readonly number[]): number => Math.max(...values) / Math.min(...values)
