/** Two instances behind nginx and behind Caddy are replaced one after the other, under load: nobody notices. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type Follower, follower } from '../support/event-load.ts'
import { hasCaddy, startCaddy } from '../support/fronts/caddy.ts'
import type { Front } from '../support/fronts/front.ts'
import { hasNginx, startNginx } from '../support/fronts/nginx.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'

const portOf = ({ url }: Gateway) => Number(new URL(url).port)

/** Asks through the balancer until told to stop; keeps every answer that is not a success. */
class Load {
  readonly failures: string[] = []
  readonly acknowledged: number[] = []
  answered = 0
  #isOver = false
  readonly #asking: Promise<void>[]

  constructor(url: string, clients: number) {
    const asks = [() => this.#ask(`${url}/vx11/status`), () => this.#ask(`${url}/shub/status`), () => this.#post(url)]
    this.#asking = Array.from({ length: clients }, (_, nth) =>
      this.#go(asks[nth % asks.length] as () => Promise<unknown>),
    )
  }

  /** Resolves when so many further requests were answered. */
  async more(count: number): Promise<void> {
    const enough = this.answered + count
    await expect.poll(() => this.answered, { timeout: 60_000 }).toBeGreaterThanOrEqual(enough)
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#asking)
  }

  async #go(ask: () => Promise<unknown>): Promise<void> {
    while (!this.#isOver) {
      await ask().catch((error: Error) => this.failures.push(`${error.message}: ${String(error.cause)}`))
      this.answered++
    }
  }

  async #ask(url: string, init: RequestInit = {}): Promise<string> {
    const response = await fetch(url, { ...init, headers: { 'x-vx11-token': token } })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`)
    return text
  }

  readonly #post = async (url: string): Promise<void> => {
    const body = JSON.stringify({ source: 'load', type: 'load', payload: { nth: this.answered } })
    const answer = JSON.parse(await this.#ask(`${url}/events/ingest`, { method: 'POST', body }))
    this.acknowledged.push(answer.stream_id)
  }
}

/** The front passes requests to it: the next one may only be replaced then. */
async function servesAgain(gateway: Gateway): Promise<void> {
  const served = () => gateway.output().split('"path":"/shub/status"').length
  const before = served()
  await expect.poll(served, { timeout: 60_000 }).toBeGreaterThan(before)
}

/** Comes back after each end, as an EventSource does. */
async function keepFollowing(reader: Follower, url: string, isOver: () => boolean): Promise<void> {
  while (!isOver()) await reader.follow(url)
}

const fronts = [
  ['nginx', hasNginx, startNginx],
  ['Caddy', hasCaddy, startCaddy],
] as const

describe.each(fronts.filter(([, isThere]) => isThere))('two instances behind %s', (_name, _isThere, startFront) => {
  let sqld: Sqld | null
  let shub: Simulator
  let front: Front
  let gateways: Gateway[] = []
  beforeAll(async () => {
    ;[sqld, shub] = await Promise.all([startSqld(), startShub({ token })])
    if (!sqld) return
    await migrateDatabase(sqld)
    const env = {
      ...{ VX11_DATABASE_URL: sqld.url, SHUB_URL: shub.url, VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'info' },
      ...{ VX11_DRAIN_DELAY_S: '1', VX11_TRUST_PROXY: '1' },
    }
    const [one, other] = await Promise.all([startNodeGateway(env), startNodeGateway(env)])
    gateways = [one, other]
    front = await startFront([portOf(one), portOf(other)])
  })
  afterAll(async () => {
    await front?.stop()
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await Promise.all([sqld?.stop(), shub?.close()])
  })

  it('are rolled without a failed request, a gap in a stream or a lost event', async ({ skip }) => {
    if (!sqld) return skip()
    const load = new Load(front.url, 6)
    const reader = follower(0)
    let isOver = false
    const following = keepFollowing(reader, front.url, () => isOver)
    try {
      await load.more(30)
      for (const gateway of [...gateways, ...gateways]) {
        await gateway.restart('SIGTERM')
        await servesAgain(gateway)
      }
      await load.end()
      expect(load.failures).toEqual([])
      const newest = Math.max(...load.acknowledged)
      await expect.poll(() => reader.ids.at(-1) ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(newest)
    } finally {
      // Caddy ends when its streams have.
      isOver = true
      await reader.leave()
      await following
    }

    expect(load.acknowledged.length).toBeGreaterThan(0)
    // Ids have no gaps, so that every one of them is an event.
    const last = reader.ids.at(-1) ?? 0
    expect(reader.ids).toEqual(Array.from({ length: last }, (_, index) => index + 1))
    expect(new Set(load.acknowledged).size).toBe(load.acknowledged.length)
    for (const gateway of gateways) expect(gateway.output().match(/"event":"stopped","count":0/g)).toHaveLength(2)
  })
})
