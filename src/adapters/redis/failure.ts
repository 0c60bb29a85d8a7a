/** Classifies errors of Redis and its connection: a code for programs, the original message for the log. */
import { StoreFailure } from '../../errors/store-failure.ts'

/** Matched at the start of the reply; errors of a command within a script are in the middle. */
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

/** Faults that a new connection may not have: after a failover the name resolves elsewhere, and rights change. */
export const helpsToReconnect = ({ fault }: StoreFailure): boolean =>
  ['read_only', 'not_authenticated', 'no_permission', 'wrong_database', 'cluster_down'].includes(fault)
