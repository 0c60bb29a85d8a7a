/** The way to the gateway: typed by the app itself, relative to where the console stands, with the token as a header. */
import { type ClientResponse, hc } from 'hono/client'
import type { AppType } from '../../../src/app.ts'
import { keepEarly, takeEarly } from './early.ts'
import { Problem, problemOf } from './problem.ts'
import { endedBecause, signOut, token } from './session.ts'

/** The gateway's root, two segments above `operator/ui/`. */
export const gatewayRoot = new URL('../../', document.baseURI).href

export const url = (path: string): string => new URL(path.replace(/^\//, ''), gatewayRoot).href

/** One request with the token. Rejects with a Problem without an answer. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const isRead = init.method === undefined || init.method === 'GET'
  return (isRead && takeEarly(url(path), token.value)) || ask(path, init)
}

/** Asks for what a view will ask for first, while the view itself is on its way. */
export function sendEarly(paths: readonly string[]): void {
  for (const path of paths) {
    const answer = ask(path, { headers: [measuredNow] })
    keepEarly(url(path), { token: token.value, answer })
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token.value) headers.set('x-vx11-token', token.value)
  const response = await fetch(url(path), { ...init, headers, redirect: 'manual', credentials: 'same-origin' }).catch(
    (error: unknown) => {
      if (init.signal?.aborted) throw error
      throw new Problem('unreachable', 0, {})
    },
  )
  if (response.status === 401 && token.value) signOut('refused')
  return response
}

/** What the console reads is measured now, not up to five seconds ago, as other callers have it. */
const measuredNow: [string, string] = ['cache-control', 'max-age=0']

export const vx11 = hc<AppType>(gatewayRoot, {
  fetch: (input: string | URL | Request, init?: RequestInit) => {
    const headers = new Headers(init?.headers)
    if (init?.method === 'GET') headers.set(...measuredNow)
    return send(String(input), { ...init, headers })
  },
})

/** The body of a good answer; everything else is a Problem. */
export async function read<T>(pending: Promise<ClientResponse<T, number, 'json'>>): Promise<T> {
  const response = await pending
  if (!response.ok) throw await refusal(response as unknown as Response)
  return (await response.json()) as T
}

/** For routes whose answers the typed client cannot know, such as keys and upstreams. */
export async function call<T>(path: string, init: RequestInit & { json?: unknown } = {}): Promise<T> {
  const { json, ...rest } = init
  if (rest.method === undefined) return readHeld<T>(path, rest)
  const headers = new Headers(init.headers)
  if (json !== undefined) headers.set('content-type', 'application/json')
  const response = await send(path, { ...rest, headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }) })
  if (!response.ok) throw await refusal(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** The last answers that came with an ETag, by token and path. */
const held = new Map<string, { etag: string; data: unknown }>()
const maxHeld = 8

/** The same object again where the gateway says that it holds: neither sent, nor parsed, nor drawn anew. */
async function readHeld<T>(path: string, init: RequestInit): Promise<T> {
  const key = `${token.value} ${path}`
  const last = held.get(key)
  const headers = new Headers(init.headers)
  headers.set(...measuredNow)
  if (last) headers.set('if-none-match', last.etag)
  const response = await send(path, { ...init, headers })
  if (response.status === 304 && last) return last.data as T
  if (!response.ok) throw await refusal(response)
  const data = await response.json()
  const etag = response.headers.get('etag')
  held.delete(key)
  if (etag) held.set(key, { etag, data })
  for (const oldest of [...held.keys()].slice(0, -maxHeld)) held.delete(oldest)
  return data as T
}

/** A revoked token is 403 like a missing scope: only where the gateway knows nothing of it has the session ended. */
async function refusal(response: Response): Promise<Problem> {
  const problem = await problemOf(response)
  if (problem.status === 403 && problem.code === 'forbidden' && !(await tokenHolds())) {
    signOut('refused')
    endedBecause.value = 'refused'
  }
  return problem
}

export async function tokenHolds(): Promise<boolean> {
  const response = await send('operator/api/window/status').catch(() => null)
  return response === null || (response.status !== 401 && response.status !== 403)
}
