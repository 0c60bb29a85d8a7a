/** What an exchange hears from its connection, and may ask of it: undici's names, so that one exchange serves both. */
import type { HeaderFields } from '../../../ports/index.ts'

export interface Controller {
  readonly paused: boolean
  readonly aborted: boolean
  pause(): void
  resume(): void
  /** Ends the connection; `onResponseError` follows. */
  abort(error: Error): void
}

export interface Handler {
  /** The connection is there and nothing was sent. What it throws means that nobody waits any more. */
  onRequestStart(controller: Controller): void
  /** Also for each interim (1xx) answer. */
  onResponseStart(controller: Controller, status: number, headers: HeaderFields): void
  /** What the handler keeps it has to copy: the next read writes over it. */
  onResponseData(controller: Controller, chunk: Buffer): void
  onResponseEnd(): void
  /** Once, and last; without a controller when nothing was sent. */
  onResponseError(controller: Controller | null, error: Error): void
}
