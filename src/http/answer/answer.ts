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
  for (const name in gathered) {
    const value = gathered[name] ?? ''
    // Hono's preflight answer varies by more than the origin, and so may a route's own.
    const before = name === 'vary' ? c.res.headers.get(name) : null
    c.res.headers.set(name, before === null ? value : joinedList(before, value))
  }
}

/** `name` is lower-case. */
export function addHeader(c: Context<AppEnv>, name: string, value: string): void {
  c.get('gathered')[name] = value
}

/** The gathered headers over those of the answer; lists that both may speak in are joined. */
export function withGathered(c: Context<AppEnv>, fields: HeaderFields): HeaderFields {
  const gathered = c.get('gathered')
  const { vary, 'server-timing': timing, 'access-control-expose-headers': exposed } = fields
  const all = Object.assign(fields, gathered)
  if (vary !== undefined && gathered.vary !== undefined) all.vary = joinedList(String(vary), gathered.vary)
  if (timing !== undefined && gathered['server-timing'] !== undefined)
    all['server-timing'] = `${gathered['server-timing']}, ${timing}`
  if (exposed !== undefined) exposeBoth(all, String(exposed), gathered['access-control-expose-headers'])
  return all
}

/** An upstream's list counts only where the gateway lets the origin read anything. */
function exposeBoth(fields: HeaderFields, upstreams: string, own: string | undefined): void {
  if (own === undefined) delete fields['access-control-expose-headers']
  else fields['access-control-expose-headers'] = joinedList(own, upstreams)
}

/** A list field with the members of both, each once. */
function joinedList(one: string, other: string): string {
  const members = [...one.split(','), ...other.split(',')]
    .map((member) => member.trim())
    .filter((member) => member !== '')
  const seen = new Set<string>()
  return members.filter((member) => !seen.has(member.toLowerCase()) && seen.add(member.toLowerCase())).join(', ')
}

/** An answer with these headers and the gathered ones, in one go. */
export function answerWith(
  c: Context<AppEnv>,
  status: number,
  fields: HeaderFields,
  body: ReadableStream<Uint8Array> | Uint8Array | string | null,
): Response {
  c.set('answered', true)
  const all = joinLists(withGathered(c, fields))
  const response = new Response(body as ReadableStream, { status, headers: headersOf(all) })
  if (all['content-type'] === undefined) untyped.add(response)
  return response
}

/** Answers without a Content-Type: Node's server library would invent one where headers are no plain record. */
const untyped = new WeakSet<Response>()
export const isUntyped = (response: Response): boolean => untyped.has(response)

/** Every repeated field but Set-Cookie is a list (RFC 9110 §5.3). */
function joinLists(fields: HeaderFields): HeaderFields {
  for (const name in fields) {
    const value = fields[name]
    if (typeof value !== 'string' && value !== undefined && name !== 'set-cookie') fields[name] = value.join(', ')
  }
  return fields
}

/** A record cannot say a field twice. */
function headersOf(fields: HeaderFields): Headers | Record<string, string> {
  const { 'set-cookie': cookies } = fields
  if (cookies === undefined) return fields as Record<string, string>
  delete fields['set-cookie']
  const headers = new Headers(fields as Record<string, string>)
  for (const cookie of [cookies].flat()) headers.append('set-cookie', cookie)
  return headers
}
