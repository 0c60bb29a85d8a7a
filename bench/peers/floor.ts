/** The floor under the gateway: its own server and transport for Node, without a policy, a header rule, a log or metrics. */
import { undiciTransport } from '../../src/adapters/node-http/undici/transport.ts'
import { ConnectionCancelSignal } from '../../src/entry/node/http/connection-cancel-signal.ts'
import { httpServer } from '../../src/entry/node/http/http-server.ts'
import type { HeaderFields } from '../../src/ports/index.ts'
import { defaultLimits } from '../../src/upstream/target.ts'

const upstream = process.env.UPSTREAM_URL ?? ''
const { transport } = undiciTransport({ connections: () => 1024 })

/** What belongs to one connection. */
function withoutConnection({ connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...fields }: HeaderFields) {
  return fields
}

httpServer(
  async (request, { incoming, outgoing }) => {
    const isSent = request.method === 'POST'
    const { status, headers, body } = await transport(upstream + incoming.url, {
      method: request.method,
      headers: withoutConnection(incoming.headers as HeaderFields),
      body: isSent ? new Uint8Array(await request.arrayBuffer()) : null,
      signal: new ConnectionCancelSignal(outgoing),
      limits: defaultLimits,
    })
    return new Response(body as ReadableStream, {
      status,
      headers: withoutConnection(headers) as Record<string, string>,
    })
  },
  { host: '127.0.0.1', port: Number(process.env.PORT) },
  () => {},
)
