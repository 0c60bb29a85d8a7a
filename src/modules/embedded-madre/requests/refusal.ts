/** Madre's errors: a status and `{"detail": ...}`, text or a list of issues (contract upstreams/manners). */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { rootReason } from '../../../lib/root-reason.ts'

/** One item of a 422's list. The real madre echoes the caller's input beside it; this one does not. */
export interface Issue {
  type: string
  loc: readonly (string | number)[]
  msg: string
}

export class Refusal extends Error {
  readonly status: ContentfulStatusCode
  readonly detail: string | readonly Issue[]

  constructor(status: ContentfulStatusCode, detail: string | readonly Issue[], cause?: unknown) {
    super(typeof detail === 'string' ? detail : 'invalid input', { cause })
    this.status = status
    this.detail = detail
  }
}

export const invalidRequest = (...issues: readonly Issue[]): Refusal => new Refusal(422, issues)

/** Runs work on the database; every failure is a 503 to the caller. */
export async function onMadreDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Refusal(503, storeRefusal(error), error)
  }
}

/** Names the store: a window that does not open because of a full disk is no fault of the services. */
function storeRefusal(error: unknown): string {
  const reason = rootReason(error)
  if (/SQLITE_FULL|is full|ENOSPC/i.test(reason)) return 'The disk of the gateway’s database is full.'
  return /READONLY|readonly/i.test(reason) ? 'The gateway’s database is read-only.' : 'The database does not answer.'
}
