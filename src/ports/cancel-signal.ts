/** Cancellation when a caller disconnects. */
export type CancelListener = (() => void) | { handleEvent(): void }

/** The part of AbortSignal that the gateway uses; aborts when the caller disconnects. */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: CancelListener, options?: { once: boolean }): void
  removeEventListener(type: 'abort', listener: CancelListener): void
}
