/** Time and randomness as ports, so that tests control them. */
import type { CancelSignal } from './cancel-signal.ts'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Monotonic clock in milliseconds, with fractions; only differences are meaningful. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>
}

export interface Random {
  uuid(): string
  /** At least 0, less than 1. */
  fraction(): number
  bytes(length: number): Uint8Array<ArrayBuffer>
}
