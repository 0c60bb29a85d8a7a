/** Reads the body of an own route as text: UTF-8, plain or compressed, and refuses everything else by its reason. */
import type { Context } from 'hono'
import { bodyIssue } from '../../errors/foreign-json.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { readBytes } from '../../lib/read-body.ts'
import type { AppEnv } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { ownBodyBytes } from '../guards/body-limit.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

export async function readText(c: Context<AppEnv>): Promise<string> {
  requireUtf8(c.req.header('content-type') ?? '')
  const coding = (c.req.header('content-encoding') ?? '').trim().toLowerCase()
  const bytes = coding === '' || coding === 'identity' ? await plainBytes(c) : await decodedBytes(c, coding)
  try {
    return decoder.decode(bytes)
  } catch {
    throw invalidBody('Expected text in UTF-8', 'utf8')
  }
}

export const invalidBody = (msg: string, type: string, path: readonly (string | number)[] = []) =>
  new GatewayError('validation_error', { issues: [bodyIssue(msg, type, path)] })

function requireUtf8(contentType: string): void {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8'
  if (charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') return
  throw new GatewayError('unsupported_media_type', { detail: 'Send the body in UTF-8.' })
}

const plainBytes = async (c: Context<AppEnv>) => new Uint8Array(await c.req.raw.arrayBuffer())

const decodings: Readonly<Record<string, 'gzip' | 'deflate'>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' }

async function decodedBytes(c: Context<AppEnv>, coding: string): Promise<Uint8Array> {
  const format = Object.hasOwn(decodings, coding) ? decodings[coding] : undefined
  if (format === undefined) {
    // RFC 9110 §12.5.3: what a 415 for a coding has to say.
    addHeader(c, 'accept-encoding', 'gzip, deflate')
    throw new GatewayError('unsupported_media_type', { detail: 'Send the body plain, or as gzip or deflate.' })
  }
  const decoded =
    c.req.raw.body?.pipeThrough(new DecompressionStream(format) as ReadableWritablePair<Uint8Array>) ?? null
  const bytes = await readBytes(decoded, ownBodyBytes(c)).catch((error: unknown) => {
    throw error instanceof GatewayError ? error : invalidBody(`Malformed ${format}`, 'content_encoding')
  })
  if (bytes === null) throw new GatewayError('body_too_large')
  return bytes
}
