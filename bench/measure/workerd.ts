/** What the gateway costs on workerd beside bare workers in the same workerd, and whom a request asks there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { freePort } from '../../test/support/free-port.ts'
import { linkProject } from '../../test/support/gateways.ts'
import { type LoadCase, loadCases } from '../cases.ts'
import { childrenOf } from '../method/proc.ts'
import { figure, type Measured, single, type Table } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startChild, stopChild, temporaryFolder, untilReady } from '../targets/children.ts'
import { gatewayEnv, type Target, type TargetName, token } from '../targets/targets.ts'
import { countsPath } from '../workerd/counting.ts'
import { bundleFolder, bundleName, type WorkerName, workerNames } from '../workerd/serve.ts'
import { compareTargets } from './load.ts'

const script = fileURLToPath(new URL('../workerd/serve.ts', import.meta.url))
const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const repetitions = 50

/** What is counted, one after another, once each has been asked before. */
const operations: readonly { name: string; path: string; init?: RequestInit }[] = [
  { name: 'proxied GET, protected', path: '/shub/1k', init: { headers } },
  { name: 'cached health answer', path: '/shub/health' },
  { name: 'refused, no token', path: '/operator/api/status' },
  { name: "the operator's status", path: '/operator/api/status', init: { headers } },
  {
    name: 'an event stored',
    path: '/events/ingest',
    init: {
      ...{ method: 'POST', headers },
      body: JSON.stringify({ source: 'bench', type: 'spawn_success', payload: { spawn_id: 'one', module: 'spawner' } }),
    },
  },
]

export async function measureWorkerd(bench: Bench): Promise<Measured> {
  const { targets, counted, bundleKiB, stop } = await startWorkerd(bench)
  try {
    const proxied = await compareTargets(bench, loadCase('get-1k'), targets('gateway', 'worker-fetch'))
    const cached = await compareTargets(bench, loadCase('cached'), targets('gateway', 'worker-json'))
    const calls = await countCalls(counted)
    // The memory is that of all workers together.
    const { memory: _, ...ratios } = { ...proxied.readings, ...cached.readings }
    return {
      method: `${proxied.method}; cached: ${cached.method}; one workerd; worker bundle ${figure(bundleKiB)} KiB gzip`,
      tables: [...proxied.tables, ...cached.tables, callsTable(calls)],
      readings: {
        ...ratios,
        bundle: single(bundleKiB),
        'object calls': single(calls.get('proxied GET, protected')?.['object calls'] ?? 0),
      },
    }
  } finally {
    await stop()
  }
}

const loadCase = (name: string): LoadCase => {
  const found = loadCases.find((one) => one.name === name)
  if (!found) throw new Error(`no case ${name}`)
  return found
}

async function startWorkerd({ upstream }: Bench) {
  const folder = temporaryFolder()
  await linkProject(folder)
  const ports = Object.fromEntries(
    await Promise.all(workerNames.map(async (name) => [name, await freePort()])),
  ) as Record<WorkerName, number>
  const urlOf = (name: WorkerName) => `http://127.0.0.1:${ports[name]}`
  const child = startChild(process.execPath, [script], {
    cwd: folder,
    env: {
      ...process.env,
      ...{ HOME: folder, PORTS: JSON.stringify(ports), UPSTREAM_URL: upstream.url },
      WORKER_VARIABLES: JSON.stringify(gatewayEnv(upstream)),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const startMs = await untilReady(child, `${urlOf('gateway')}/livez`, 300_000)
  const stop = () => stopChild(child)
  const pid = childrenOf(child.pid ?? 0).at(-1) ?? 0
  const targets = (...names: (WorkerName & TargetName)[]): Target[] =>
    names.map((name) => ({ name, url: urlOf(name), pid, startMs, stop }))
  const bundleKiB = gzipSync(readFileSync(join(folder, bundleFolder, bundleName))).length / 1024
  return { targets, counted: urlOf('counted'), bundleKiB, stop }
}

type Calls = Map<string, Record<string, number>>

async function countCalls(url: string): Promise<Calls> {
  const calls: Calls = new Map()
  const readCounts = async () => (await (await fetch(url + countsPath)).json()) as Record<string, number>
  for (const { name, path, init } of operations) {
    const ask = async () => void (await (await fetch(url + path, init)).text())
    await ask()
    await readCounts()
    for (let n = 0; n < repetitions; n++) await ask()
    const counts = Object.entries(await readCounts())
    calls.set(name, Object.fromEntries(counts.map(([what, count]) => [what, count / repetitions])))
  }
  return calls
}

const callsTable = (calls: Calls): Table => {
  const kinds = ['sub-requests', 'object calls', 'KV calls', 'D1 calls']
  const rows = [...calls].map(([name, counts]) => [name, ...kinds.map((kind) => figure(counts[kind] ?? 0, 2))])
  return { head: ['for each', ...kinds], rows }
}
