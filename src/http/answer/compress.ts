/** Compresses the gateway's own answers, where the runtime leaves that to it and the caller takes it. */
import type { Context } from 'hono'
import type { AppEnv, Compress, ContentCoding } from '../../ports/index.ts'

/** Below that the header costs more than is won. */
const worthBytes = 1024

/** A file streams from its store, and an event stream must not wait. */
const inOnePiece = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:html|plain|markdown))\b/

/** For routes of the gateway's own: what is proxied stays as its upstream sent it. */
export async function compressOwn(c: Context<AppEnv>, compress: Compress): Promise<void> {
  const coding = chosenCoding(c.req.header('accept-encoding'))
  if (coding === null || !mayCompress(c.res)) return
  const bytes = new Uint8Array(await c.res.arrayBuffer())
  const { status, headers } = c.res
  if (bytes.byteLength < worthBytes) return replace(c, bytes, status, headers)
  headers.set('content-encoding', coding)
  headers.delete('content-length')
  replace(c, await compress(coding, bytes), status, headers)
}

function replace(c: Context<AppEnv>, bytes: Uint8Array<ArrayBuffer>, status: number, headers: Headers): void {
  // Hono would merge the old answer's headers into the new one.
  c.res = undefined
  c.res = new Response(bytes, { status, headers })
}

const mayCompress = ({ headers, body }: Response): boolean =>
  body !== null &&
  inOnePiece.test(headers.get('content-type') ?? '') &&
  !headers.has('content-disposition') &&
  !headers.has('content-encoding')

const preferred: readonly ContentCoding[] = ['br', 'gzip']

/** The coding with the caller's highest weight (RFC 9110 §12.5.3); br where two are equal. */
export function chosenCoding(accepted: string | undefined): ContentCoding | null {
  if (!accepted) return null
  const weights = new Map(accepted.split(',').map(weightOf))
  const weigh = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const best = preferred.reduce((a, b) => (weigh(b) > weigh(a) ? b : a))
  // Identity is acceptable unless it is refused, and preferred only where it weighs more.
  return weigh(best) > 0 && weigh(best) >= (weights.get('identity') ?? 0) ? best : null
}

function weightOf(item: string): [string, number] {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((part) => part.startsWith('q='))?.slice(2)
  if (weight === undefined) return [name, 1]
  return [name, /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0]
}
