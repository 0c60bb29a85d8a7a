/** Sends one batch to the collector: which answers are final, and how long to wait before the next try. */
import { TransportError } from '../../errors/gateway-error.ts'
import { discardBody, readJson } from '../../lib/read-body.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock, Transport, UpstreamAnswer } from '../../ports/index.ts'

export interface Collector {
  url: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
  compress: boolean
}

/** `rejected`: how many spans of a batch that was taken the collector did not want. */
export type Delivery =
  | { kind: 'taken'; rejected: number; reason: string | null }
  | { kind: 'refused'; reason: string }
  | { kind: 'retry'; reason: string; afterMs: number | null }

/** Of the protocol's specification; any other status is final. */
const retryable = new Set([429, 502, 503, 504])
const connectMs = 5000
const maxAnswerLength = 65_536

/** Never rejects. */
export async function deliver(
  { clock, transport }: { clock: Clock; transport: Transport },
  { url, headers, timeoutMs, compress }: Collector,
  text: string,
): Promise<Delivery> {
  const plain = new TextEncoder().encode(text)
  const coding = compress ? { 'content-encoding': 'gzip' } : {}
  const sent = { 'content-type': 'application/json', 'accept-encoding': 'identity', ...coding, ...headers }
  const limits = { connectMs: Math.min(connectMs, timeoutMs), firstByteMs: timeoutMs, idleMs: timeoutMs }
  try {
    const body = compress ? await gzipped(plain as Uint8Array<ArrayBuffer>) : plain
    const answer = await transport(url, { method: 'POST', headers: sent, body, limits })
    // Its body may drip for ever.
    return await withTimeout(clock, timeoutMs, verdictOf(answer), () => new TransportError('timeout'))
  } catch (error) {
    return { kind: 'retry', reason: error instanceof TransportError ? error.failure : 'unknown', afterMs: null }
  }
}

async function verdictOf({ status, headers, body }: UpstreamAnswer): Promise<Delivery> {
  if (status >= 200 && status < 300) return { kind: 'taken', ...rejection(await readJson(body, maxAnswerLength)) }
  discardBody(body)
  const reason = `status_${status}`
  return retryable.has(status)
    ? { kind: 'retry', reason, afterMs: secondsOf(headers['retry-after']) }
    : { kind: 'refused', reason }
}

/** A collector may take a part; the count is a number of 64 bits, so text. */
function rejection(json: unknown): { rejected: number; reason: string | null } {
  const { partialSuccess } = (json ?? {}) as { partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown } }
  const rejected = Number(partialSuccess?.rejectedSpans ?? 0)
  return rejected > 0 ? { rejected, reason: 'partly_rejected' } : { rejected: 0, reason: null }
}

/** A date is no delay that a clock set otherwise could trust. */
function secondsOf(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : null
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
