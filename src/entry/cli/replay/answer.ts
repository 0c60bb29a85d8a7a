/** Asks a gateway for a recorded head, and keeps of its answer what two versions can be compared by. */
import { setTimeout as wait } from 'node:timers/promises'
import { parseRetryAfter } from '../../../lib/backoff.ts'
import { parseJson } from '../../../lib/json-text.ts'
import { readBytes } from '../../../lib/read-body.ts'
import type { RunningGateway } from '../gateway/running-gateway.ts'
import type { RecordedHead } from './recording.ts'
import { type Shape, shapeOf } from './shape.ts'

export interface SeenAnswer {
  /** Null where none came in time. */
  status: number | null
  headers: ReadonlyMap<string, string>
  /** Null where the body is no JSON, or was not read. */
  shape: Shape | null
}

const timeoutMs = 15_000
const maxBodyBytes = 8 * 2 ** 20
const maxWaitMs = 60_000
const maxTries = 3

/** Waits where the gateway asks for it: a replay must not be what its limits refuse. */
export async function askFor(gateway: Pick<RunningGateway, 'url' | 'token'>, head: RecordedHead): Promise<SeenAnswer> {
  for (let tries = 1; ; tries++) {
    const response = await send(gateway, head)
    if (!response) return { status: null, headers: new Map(), shape: null }
    const waitMs = parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now())
    if (response.status !== 429 || tries === maxTries || waitMs > maxWaitMs) return seen(response)
    await response.body?.cancel()
    await wait(waitMs)
  }
}

const send = ({ url, token }: Pick<RunningGateway, 'url' | 'token'>, { method, path }: RecordedHead) =>
  fetch(url.replace(/\/$/, '') + path, {
    method,
    redirect: 'manual',
    headers: token === '' ? {} : { 'x-vx11-token': token },
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => null)

async function seen(response: Response): Promise<SeenAnswer> {
  const headers = new Map(response.headers)
  const isJson = /\bjson\b/.test(headers.get('content-type') ?? '')
  const bytes = isJson ? await readBytes(response.body, maxBodyBytes).catch(() => null) : null
  // A stream would never end.
  if (!isJson) await response.body?.cancel().catch(() => {})
  const json = bytes && parseJson(new TextDecoder().decode(bytes))
  return { status: response.status, headers, shape: json == null ? null : shapeOf(json) }
}
