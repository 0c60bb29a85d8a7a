/** One HTTP request: where it goes, its token, and when it is given up. */
import { problemOf, Unreachable } from './problem.ts'

/** A token, or what gets one for each request. */
export type Token = string | (() => string | Promise<string>)

export interface ClientOptions {
  /** Where the gateway is, with whatever path stands before its routes. */
  url: string
  token?: Token | undefined
  /** How long a call may take, and the beginning of a stream: 30 s unless said. */
  timeoutMs?: number | undefined
  /** The runtime's own unless said. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
}

export interface SendInit {
  method?: string
  headers?: Record<string, string>
  body?: NonNullable<RequestInit['body']>
  signal?: AbortSignal | undefined
  /** Leaves the token out: a ticket stands for it. */
  bare?: boolean
}

/** Rejects with GatewayProblem for an error answer, with Unreachable where none came, or as `signal` says. */
export type Send = (path: string, init: SendInit) => Promise<Response>

export function sender({ url, token, fetch: ask = globalThis.fetch }: ClientOptions): Send {
  const base = baseOf(url)
  return async (path, { bare, ...init }) => {
    if (!path.startsWith('/')) throw new TypeError('a path begins with a slash: another host would be asked')
    const headers = { ...init.headers, ...(token !== undefined && !bare && { 'x-vx11-token': await currentOf(token) }) }
    // A redirect would carry the token elsewhere; Node asks for `duplex` with a stream.
    const sent = { ...init, headers, redirect: 'manual', duplex: 'half' } as RequestInit
    const response = await whole(ask(base + path, sent), init.signal)
    if (!response.ok) throw problemOf(response, await whole(response.text(), init.signal))
    return response
  }
}

export function baseOf(url: string): string {
  const { protocol, username, password, search, hash, href } = new URL(url)
  if (!/^https?:$/.test(protocol)) throw new TypeError('the address of the gateway begins with http or https')
  if (username || password || search || hash) throw new TypeError('the address of the gateway has a path at most')
  return href.replace(/\/+$/, '')
}

const currentOf = async (token: Token) => (typeof token === 'string' ? token : await token())

/** What `signal` says where the caller gave up, Unreachable for everything else that ends a request early. */
export async function whole<T>(reading: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (signal?.aborted && signal.reason?.name !== 'TimeoutError') throw signal.reason
    throw new Unreachable(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** The answer's beginning must come in time; its body may take as long as it likes. */
export async function opened(send: Send, path: string, init: SendInit, timeoutMs: number): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  )
  try {
    return await send(path, { ...init, signal: eitherOf(init.signal, late.signal) })
  } finally {
    clearTimeout(timer)
  }
}

export const eitherOf = (first: AbortSignal | undefined, second: AbortSignal): AbortSignal =>
  first ? AbortSignal.any([first, second]) : second
