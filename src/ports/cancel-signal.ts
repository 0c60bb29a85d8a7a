/** How whoever works for a caller hears that it left. */
export type CancelListener = (() => void) | { handleEvent(): void }

/** Tells that nobody waits for an answer any more: an AbortSignal, or as much of one as is asked. */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: CancelListener, options?: { once: boolean }): void
  removeEventListener(type: 'abort', listener: CancelListener): void
}
