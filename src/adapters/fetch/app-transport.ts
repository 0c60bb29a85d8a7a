/** The transport to an embedded app or a service binding: a function call. */
import type { Transport } from '../../ports/index.ts'
import { attempt } from './attempt.ts'
import { webInit } from './web-message.ts'

/** A Hono app, or a service binding of workerd. */
export interface FetchShaped {
  fetch(request: Request): Response | Promise<Response>
}

export const appTransport =
  (app: FetchShaped): Transport =>
  (url, init) =>
    attempt(init, async (signal) => app.fetch(new Request(url, webInit(init, signal))))
