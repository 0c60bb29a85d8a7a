/** A real receiver of webhooks, which takes, refuses or hangs as a test wants, and keeps what came. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  id: string
  headers: Record<string, string>
  /** As it came over the wire. */
  body: string
  /** How it was answered; null for a request that was left hanging. */
  status: number | null
}

export async function startReceiver() {
  const received: Received[] = []
  let status: number | null = 204
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = request.headers as Record<string, string>
    received.push({ id: headers['webhook-id'] ?? '', headers, body: Buffer.concat(chunks).toString(), status })
    if (status !== null) response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    /** Null hangs. */
    answer(next: number | null) {
      status = next
    },
    /** Those that were acknowledged. */
    taken: () => received.filter(({ status }) => status === 204),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
