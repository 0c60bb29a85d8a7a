/** What the gateway adds to a request at half of the rate that it could serve. */
import { fileURLToPath } from 'node:url'
import { outputOf } from './children.ts'
import { connections, drive } from './load/load.ts'
import type { SteadyLoad, SteadyResult } from './load/steady.ts'
import type { Options } from './options.ts'
import type { LatencyResults } from './results.ts'
import { median } from './stats.ts'
import { type Target, token } from './targets.ts'

const script = fileURLToPath(new URL('load/steady.ts', import.meta.url))
const headers = { 'X-VX11-Token': token }

export async function measureLatency(
  gateway: Target,
  upstream: Target,
  options: Options,
): Promise<Pick<LatencyResults, 'perSecond' | 'direct' | 'gateway' | 'addedP50Ms' | 'addedP99Ms'>> {
  const through = `${gateway.url}/shub/1k`
  const perSecond = Math.floor((await most(through, options)) / 2)
  const direct: SteadyResult[] = []
  const proxied: SteadyResult[] = []
  for (let round = 0; round < options.rounds; round++) {
    direct.push(await steady(`${upstream.url}/1k`, perSecond, options))
    proxied.push(await steady(through, perSecond, options))
  }
  const added = (name: 'p50Ms' | 'p99Ms') =>
    median(proxied.map((result, round) => result[name] - (direct[round]?.[name] ?? Number.NaN)))
  const middle = (results: SteadyResult[]) => ({
    p50Ms: median(results.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
  })
  return {
    perSecond,
    direct: middle(direct),
    gateway: middle(proxied),
    addedP50Ms: added('p50Ms'),
    addedP99Ms: added('p99Ms'),
  }
}

/** Requests per second that the gateway reaches when nobody holds back. */
async function most(url: string, { seconds, warmUpSeconds }: Options): Promise<number> {
  const load = { url, headers, method: 'GET', bodyBytes: 0, newAddresses: false } as const
  await drive({ ...load, seconds: Math.max(1, warmUpSeconds) })
  const { requests, seconds: took } = await drive({ ...load, seconds })
  return requests / took
}

async function steady(url: string, perSecond: number, { seconds }: Options): Promise<SteadyResult> {
  const load: SteadyLoad = { url, headers, perSecond, seconds, warmUpSeconds: 1, connections }
  return JSON.parse(await outputOf(process.execPath, [script, JSON.stringify(load)])) as SteadyResult
}
