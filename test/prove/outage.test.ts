/**
 * An upstream that fails every request for a while, under load: it is spared, its callers are answered, and when it is
 * back so is everything. OUTAGE_SECONDS (60) and OUTAGE_RATE (500 requests per second) shorten it.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { type Answered, steadyLoad } from './load.ts'

const seconds = Number(process.env.OUTAGE_SECONDS ?? 60)
const perSecond = Number(process.env.OUTAGE_RATE ?? 500)
const coolDownSeconds = 5
const healthySeconds = 5
/** Of the budget's minimum, which is there for a gateway that has hardly any requests. */
const extraAttemptsInAnyCase = 20

interface Attempt {
  at: number
  correlationId: string
}

type Failure = (response: ServerResponse) => unknown

/** Tries of one request carry one correlation id. */
async function startFickleUpstream() {
  const attempts: Attempt[] = []
  let failure: Failure | null = null
  const server = createServer((request, response) => {
    const answer = failure ?? ((healthy) => healthy.writeHead(200, { 'content-length': 2 }).end('ok'))
    if (request.url !== '/health')
      attempts.push({ at: performance.now(), correlationId: String(request.headers['x-correlation-id']) })
    answer(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attempts,
    become(next: Failure | null) {
      failure = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Outage {
  words: string
  failure: Failure
  path: string
  deadlineMs: number
  /** How long the gateway itself waits; a caller's own impatience says nothing about the upstream. */
  timeoutMs: number
}

const outages: Outage[] = [
  {
    words: 'answers 503',
    failure: (response) => response.writeHead(503, { 'content-length': 4 }).end('down'),
    path: '/shub/ok',
    deadlineMs: 2000,
    timeoutMs: 0,
  },
  {
    words: 'resets every connection',
    failure: (response) => response.socket?.resetAndDestroy(),
    path: '/shub/ok',
    deadlineMs: 2000,
    timeoutMs: 0,
  },
  { words: 'says nothing', failure: () => {}, path: '/shub/status', deadlineMs: 8000, timeoutMs: 5000 },
]

describe.each(outages)('while an upstream $words', ({ words, failure, path, deadlineMs, timeoutMs }) => {
  let gateway: Gateway | undefined
  let upstream: Awaited<ReturnType<typeof startFickleUpstream>> | undefined
  afterAll(async () => {
    await gateway?.stop()
    upstream?.close()
  })

  it(`it is left alone for ${seconds} s at ${perSecond} requests/s, and serves again within one cool-down`, async () => {
    upstream = await startFickleUpstream()
    gateway = await startNodeGateway({
      SHUB_URL: upstream.url,
      VX11_RATE_LIMIT_ENABLED: 'false',
      VX11_BREAKER_COOLDOWN_S: String(coolDownSeconds),
      LOG_LEVEL: 'error',
    })
    const answers: Answered[] = []
    const headers = { 'x-vx11-token': token, 'x-vx11-deadline-ms': String(deadlineMs) }
    const phase = (length: number) =>
      steadyLoad({
        url: (gateway as Gateway).url,
        perSecond,
        seconds: length,
        maxOpen: 2048,
        ask: () => ({ path, headers }),
        answered: (answer) => answers.push(answer),
      })

    await phase(healthySeconds)
    const failsAt = performance.now()
    upstream.become(failure)
    const outage = await phase(seconds)
    const recoversAt = performance.now()
    upstream.become(null)
    await phase(coolDownSeconds + timeoutMs / 1000 + 5)

    const [healthy, failing, recovered] = split(answers, failsAt, recoversAt)
    const attempts = upstream.attempts.filter(({ at }) => at >= failsAt && at < recoversAt)
    const opensAt = firstRefusal(failing) ?? Number.POSITIVE_INFINITY
    const before = attempts.filter(({ at }) => at < opensAt)
    const extra = before.length - new Set(before.map(({ correlationId }) => correlationId)).size
    // What had passed the breaker before it opened arrives within its deadline.
    const probes = attempts.filter(({ at }) => at > opensAt + deadlineMs)
    const late = failing.filter(({ tookMs }) => tookMs > deadlineMs + 500)
    const wrongAfter = recovered.filter(
      ({ startedAt }) => startedAt > recoversAt + coolDownSeconds * 1000 + timeoutMs + 250,
    )
    process.stdout.write(
      `${words}: ${outage.sent} requests, ${attempts.length} attempts (${before.length} before the breaker opened ` +
        `after ${(opensAt - failsAt).toFixed(0)} ms, ${extra} of them extra; ${probes.length} probes), ` +
        `slowest answer ${Math.max(...failing.map(({ tookMs }) => tookMs)).toFixed(0)} ms, ` +
        `right again after ${backAfter(recovered, recoversAt)} ms\n`,
    )

    expect(healthy.filter(isWrong)).toEqual([])
    expect(outage.skipped).toBe(0)
    expect(opensAt).toBeLessThan(recoversAt)
    expect(extra).toBeLessThanOrEqual(Math.max(extraAttemptsInAnyCase, (before.length - extra) * 0.2))
    expect(probes.length).toBeLessThanOrEqual(Math.ceil((seconds * 1000) / (coolDownSeconds * 1000)) + 1)
    for (const [index, { at }] of probes.entries())
      if (index > 0) expect(at - (probes[index - 1]?.at ?? 0)).toBeGreaterThan(coolDownSeconds * 1000 * 0.9)
    expect(late).toEqual([])
    expect(failing.filter(({ status }) => status !== 503 && status !== 504)).toEqual([])
    expect(wrongAfter.length).toBeGreaterThan(0)
    expect(wrongAfter.filter(isWrong)).toEqual([])
  })
})

const isWrong = ({ status, whole }: Answered) => status !== 200 || !whole

const split = (answers: readonly Answered[], failsAt: number, recoversAt: number) =>
  [
    answers.filter(({ startedAt }) => startedAt < failsAt),
    answers.filter(({ startedAt }) => startedAt >= failsAt && startedAt < recoversAt),
    answers.filter(({ startedAt }) => startedAt >= recoversAt),
  ] as const

/** An open breaker answers at once and in our words; a failing upstream's own answer or silence takes its time. */
const firstRefusal = (answers: readonly Answered[]): number | undefined =>
  answers
    .filter(({ error, tookMs }) => error === 'shub_unavailable' && tookMs < 50)
    .map(({ startedAt, tookMs }) => startedAt + tookMs)
    .sort((a, b) => a - b)[9]

const backAfter = (answers: readonly Answered[], since: number) => {
  const last = answers.filter(isWrong).at(-1)
  return last ? (last.startedAt - since).toFixed(0) : '0'
}
