/** Makes the tickets with which a browser opens the stream (contract events/event-stream, H23). */
import { signTicket } from '../../lib/ticket.ts'
import type { Deps } from '../../ports/index.ts'

const ticketSeconds = 60
const ssePurpose = 'sse'
const streamPath = '/operator/api/events/stream'

export async function sseTicket({ clock, ticketKeys }: Pick<Deps, 'clock' | 'ticketKeys'>, principal: string) {
  const expiresAt = clock.now() + ticketSeconds * 1000
  return {
    sse_token: signTicket(await ticketKeys.current(), { purpose: ssePurpose, principal, expiresAt }),
    ttl_seconds: ticketSeconds,
    ttl_sec: ticketSeconds,
    expires_in_sec: ticketSeconds,
    endpoint: streamPath,
    usage: `GET ${streamPath}?token=<sse_token>`,
  }
}
