/** What many open event streams cost, and how much later an event comes through than it was written. */
import { driveStreams } from '../load/streams.ts'
import { cpuSecondsOf, residentMiBOf, watchMemory } from '../method/proc.ts'
import { figure, type Measured, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startTargets, stopTargets } from '../targets/start.ts'
import { isGateway, type Target, token } from '../targets/targets.ts'

export async function measureStreams(bench: Bench): Promise<Measured> {
  const targets = await startTargets(bench, ['gateway', 'node-http', 'nginx', 'upstream'])
  const results: Reading[] = []
  for (const target of targets) results.push(await measureOne(target, bench.options))
  await stopTargets(bench, targets)
  const lag = (name: string) => results.find((result) => result.name === name)?.lagP99Ms ?? Number.NaN
  return {
    method: `${bench.options.streams} streams opened at once, each with five events a second`,
    tables: [{ head, rows: results.map(row) }],
    readings: {
      nginx: single(lag('gateway') / lag('nginx')),
      memory: single(results.find(({ name }) => name === 'gateway')?.peakMiB ?? Number.NaN),
    },
  }
}

type Reading = Awaited<ReturnType<typeof measureOne>>

async function measureOne({ name, url, pid }: Target, { streams, seconds }: Bench['options']) {
  const idleMiB = residentMiBOf(pid)
  const peak = watchMemory(pid)
  const gateway = isGateway(name)
  const headers: Record<string, string> = gateway ? { 'X-VX11-Token': token } : {}
  const before = cpuSecondsOf(pid)
  const result = await driveStreams({ url: `${url}${gateway ? '/shub' : ''}/sse`, headers, count: streams, seconds })
  const after = cpuSecondsOf(pid)
  const cpuUs = ((after.user + after.system - before.user - before.system) * 1e6) / result.events
  return { name, ...result, cpuUs, idleMiB, peakMiB: peak() }
}

const head = [
  ...['target', 'open', 'opened in ms', 'events', 'CPU us/event', 'lag p50 ms', 'lag p99 ms', 'lost', 'idle MiB'],
  'peak MiB',
]

const row = (one: Reading): string[] => [
  ...[one.name, figure(one.opened), figure(one.openMs), figure(one.events), figure(one.cpuUs, 1)],
  ...[figure(one.lagP50Ms, 2), figure(one.lagP99Ms, 2), figure(one.lost), figure(one.idleMiB), figure(one.peakMiB)],
]
