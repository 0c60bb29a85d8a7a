/** What Redis, or the way to it, has against us: one word for programs, and its own words for the log. */
import { StoreFailure } from '../../errors/store-failure.ts'

/** By the first words of the reply; what a script's command was refused with stands in the middle. */
const faults: readonly (readonly [pattern: RegExp, fault: string])[] = [
  [/READONLY/, 'read_only'],
  [/OOM/, 'out_of_memory'],
  [/MISCONF/, 'cannot_persist'],
  [/NOAUTH|WRONGPASS|invalid (username|password)/i, 'not_authenticated'],
  [/NOPERM|no permissions|can't run this command/i, 'no_permission'],
  [/DB index is out of range|invalid DB index/i, 'wrong_database'],
  [/LOADING/, 'loading'],
  [/MASTERDOWN|CLUSTERDOWN|NOREPLICAS/, 'cluster_down'],
  [/Command timed out|ETIMEDOUT/, 'timeout'],
]

export function redisFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const message = error instanceof Error ? error.message : 'unknown'
  const fault = faults.find(([pattern]) => pattern.test(message))?.[1] ?? 'unavailable'
  return new StoreFailure(fault, message, { cause: error })
}

/** Faults of this connection, perhaps not of the next: after a failover the name leads elsewhere, and rights change. */
export const helpsToReconnect = ({ fault }: StoreFailure): boolean =>
  ['read_only', 'not_authenticated', 'no_permission', 'wrong_database', 'cluster_down'].includes(fault)
