/** What the gateway adds to a request at a rate that all can hold, and what the others add in the same rounds. */
import { drive, type Load, type LoadResult } from '../load/http.ts'
import { measureRounds } from '../method/rounds.ts'
import { median, pairedDifference, pairedRatio, relativeWidth } from '../method/stats.ts'
import { figure, type Measured, roundsTold, shown } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startTargets, stopTargets } from '../targets/start.ts'
import { isGateway, type Target, token } from '../targets/targets.ts'
import { drivePast, sureBelow } from './load.ts'

export const promisedRate = 5000
/** Tried in turn where a loud machine leaves too little for the promised one. */
const rates = [promisedRate, 2500, 1000, 500, 200, 100]
/** Of the requests that were due within the time. */
const minHeld = 0.98

export async function measureLatency(bench: Bench): Promise<Measured> {
  const { seconds, warmUpSeconds, leadInSeconds } = bench.options
  const targets = await startTargets(bench, ['upstream', 'gateway', 'fastify-http-proxy'])
  for (const target of targets) await drivePast(target.pid, { ...loadOf(target, null), seconds: 1 }, warmUpSeconds)
  const perSecond = await heldByAll(targets, seconds)
  const contenders = targets.map((target) => ({
    name: target.name,
    run: async () => {
      if (leadInSeconds > 0) await drive({ ...loadOf(target, perSecond), seconds: leadInSeconds })
      return drive({ ...loadOf(target, perSecond), seconds })
    },
  }))
  const peers = targets.map(({ name }) => name).filter((name) => name !== 'gateway' && name !== 'upstream')
  const isSure = (slices: Slices) => peers.every((name) => relativeWidth(ratioTo(slices, name, 'p99Ms')) < sureBelow)
  const rounds = await measureRounds(contenders, bench.limits, isSure)
  await stopTargets(bench, targets)
  return sumUp(rounds.slices, perSecond, `${perSecond} requests a second, ${roundsTold(rounds, seconds)}`)
}

type Slices = Map<string, LoadResult[]>

const loadOf = ({ name, url }: Target, perSecond: number | null): Omit<Load, 'seconds'> => ({
  url: `${url}${isGateway(name) ? '/shub' : ''}/1k`,
  ...{ method: 'GET', headers: isGateway(name) ? { 'X-VX11-Token': token } : {} },
  ...{ bodyBytes: 0, newAddresses: false, connections: 64, perSecond },
})

async function heldByAll(targets: readonly Target[], seconds: number): Promise<number> {
  for (const perSecond of rates) if (await isHeld(targets, perSecond, seconds)) return perSecond
  throw new Error(`not every target holds ${rates.at(-1)} requests a second`)
}

async function isHeld(targets: readonly Target[], perSecond: number, seconds: number): Promise<boolean> {
  for (const target of targets) {
    const { requests, seconds: took } = await drive({ ...loadOf(target, perSecond), seconds })
    if (requests / took < perSecond * minHeld) return false
  }
  return true
}

type Percentile = 'p50Ms' | 'p99Ms'

const all = (slices: Slices, name: string, what: Percentile) => (slices.get(name) ?? []).map((slice) => slice[what])

const ratioTo = (slices: Slices, other: string, what: Percentile) =>
  pairedRatio(all(slices, 'gateway', what), all(slices, other, what))

const added = (slices: Slices, name: string, what: Percentile) =>
  pairedDifference(all(slices, name, what), all(slices, 'upstream', what))

function sumUp(slices: Slices, perSecond: number, method: string): Measured {
  const rows = [...slices.keys()].map((name) => [
    name,
    figure(median(all(slices, name, 'p50Ms')), 3),
    figure(median(all(slices, name, 'p99Ms')), 3),
    name === 'upstream' ? '-' : shown(added(slices, name, 'p50Ms'), 3),
    name === 'upstream' ? '-' : shown(added(slices, name, 'p99Ms'), 3),
  ])
  return {
    method: `${method}, counted from when each was due`,
    tables: [{ head: ['target', 'p50 ms', 'p99 ms', 'added p50 ms', 'added p99 ms'], rows }],
    readings: {
      // At a lower rate they would say nothing about the promise.
      ...(perSecond === promisedRate && {
        'added p50': added(slices, 'gateway', 'p50Ms'),
        'added p99': added(slices, 'gateway', 'p99Ms'),
      }),
      p99: ratioTo(slices, 'fastify-http-proxy', 'p99Ms'),
    },
  }
}
