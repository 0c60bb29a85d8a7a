/** One request and all that its answer says of itself. */
import { send } from '../../core/api.ts'
import { Problem } from '../../core/problem.ts'
import { t } from '../../texts/index.ts'

export interface Asked {
  method: string
  path: string
  headers: readonly (readonly [string, string])[]
  body: string
}

export interface Timing {
  name: string
  ms: number
}

export interface Exchanged {
  asked: Asked
  status: number
  statusText: string
  /** As the browser measured it. */
  ms: number
  headers: readonly (readonly [string, string])[]
  body: string
  bytes: number
  timings: readonly Timing[]
  decision: readonly (readonly [string, string])[]
  correlationId: string | null
}

const maxShown = 1_000_000

export async function exchange(asked: Asked): Promise<Exchanged> {
  if (!/^\/[^/\\]/.test(asked.path)) throw new Problem('failed', 0, { error: 'bad_path', worded: t().try.pathMeans })
  const correlation = `console-${crypto.randomUUID().slice(0, 13)}`
  const headers = new Headers([
    ['x-correlation-id', correlation],
    ['x-vx11-explain', '1'],
    ...asked.headers.map(([name, value]): [string, string] => [name, value]),
  ])
  const hasBody = asked.body !== '' && asked.method !== 'GET' && asked.method !== 'HEAD'
  const began = performance.now()
  const response = await send(asked.path, { method: asked.method, headers, ...(hasBody ? { body: asked.body } : {}) })
  const body = await response.text()
  return {
    asked: { ...asked, headers: [...headers].filter(([name]) => name !== 'x-vx11-token') },
    status: response.status,
    statusText: response.statusText,
    ms: performance.now() - began,
    headers: [...response.headers],
    body: pretty(body).slice(0, maxShown),
    bytes: new TextEncoder().encode(body).length,
    timings: timingsOf(response.headers.get('server-timing') ?? ''),
    decision: decisionOf(response.headers.get('x-vx11-decision') ?? ''),
    correlationId: response.headers.get('x-correlation-id'),
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

export const timingsOf = (header: string): Timing[] =>
  [...header.matchAll(/([\w-]+)[^,]*?;\s*dur=([\d.]+)/g)].map(([, name = '', ms]) => ({ name, ms: Number(ms) }))

/** A dictionary of structured fields (RFC 9651), read for people. */
export const decisionOf = (header: string): [string, string][] =>
  [...header.matchAll(/([a-z*][\w*.-]*)=("(?:[^"\\]|\\.)*"|[^,;]+)((?:;[^,]*)?)/g)].map(
    ([, name = '', value = '', parameters = '']) => [name, `${value.replace(/^"|"$/g, '')}${parameters}`],
  )
