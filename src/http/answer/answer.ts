/**
 * The headers that middleware adds to an answer, gathered as a plain record before the answer is made. On Node a
 * Response made with a record goes out as it is; web Headers cost some 2 us more, and setting one on a
 * finished Response takes it apart.
 */
import type { Context } from 'hono'
import type { AppEnv, HeaderFields } from '../../ports/index.ts'

/** To be called when a request comes in. */
export function startGathering(c: Context<AppEnv>): void {
  c.set('gathered', {})
}

/** Gives the gathered headers to an answer that was made without them. */
export function giveGathered(c: Context<AppEnv>): void {
  if (c.get('answered')) return
  const gathered = c.get('gathered')
  for (const name in gathered) c.res.headers.set(name, gathered[name] ?? '')
}

/** `name` is lower-case. */
export function addHeader(c: Context<AppEnv>, name: string, value: string): void {
  c.get('gathered')[name] = value
}

/** One more request header that chooses between answers. */
export function addVary(c: Context<AppEnv>, name: string): void {
  const { vary } = c.get('gathered')
  addHeader(c, 'vary', vary === undefined ? name : `${vary}, ${name}`)
}

/** The gathered headers over those of the answer; lists that both may speak in are joined. */
export function withGathered(c: Context<AppEnv>, fields: HeaderFields): HeaderFields {
  const { vary, 'server-timing': timing } = fields
  const all = Object.assign(fields, c.get('gathered'))
  if (vary !== undefined && all.vary !== vary) all.vary = `${vary}, ${all.vary}`
  if (timing !== undefined && all['server-timing'] !== timing)
    all['server-timing'] = `${all['server-timing']}, ${timing}`
  return all
}

/** An answer with these headers and the gathered ones, in one go. */
export function answerWith(
  c: Context<AppEnv>,
  status: number,
  fields: HeaderFields,
  body: ReadableStream<Uint8Array> | Uint8Array | string | null,
): Response {
  c.set('answered', true)
  const all = withGathered(c, fields)
  const headers = hasList(all) ? webHeaders(all) : (all as Record<string, string>)
  return new Response(body as ReadableStream, { status, headers })
}

const hasList = (fields: HeaderFields): boolean => {
  for (const name in fields) if (typeof fields[name] !== 'string') return true
  return false
}

/** A record cannot say a field twice. */
function webHeaders(fields: HeaderFields): Headers {
  const headers = new Headers()
  for (const name in fields) for (const value of [fields[name] ?? []].flat()) headers.append(name, value)
  return headers
}
