/** The interface between a connection and an exchange, in undici's names so that an exchange works with both. */
import type { HeaderFields } from '../../../ports/index.ts'

export interface Controller {
  readonly paused: boolean
  readonly aborted: boolean
  pause(): void
  resume(): void
  /** Closes the connection; `onResponseError` follows. */
  abort(error: Error): void
}

export interface Handler {
  /** Called before anything is sent. Throws when the exchange was cancelled while it waited for a connection. */
  onRequestStart(controller: Controller): void
  /** Also for each interim (1xx) answer. */
  onResponseStart(controller: Controller, status: number, headers: HeaderFields): void
  /** `chunk` is overwritten by the next read; the handler copies what it keeps. */
  onResponseData(controller: Controller, chunk: Buffer): void
  onResponseEnd(): void
  /** Called at most once, as the last event; without a controller if nothing was sent. */
  onResponseError(controller: Controller | null, error: Error): void
}
