/** What an operator's views cost on a database of VX11's size, and what its maintenance costs those who ask meanwhile. */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { MaintenanceReport } from '../../src/db/maintenance/report.ts'
import type { MaintenanceStatus } from '../../src/ports/index.ts'
import { type CallTimes, callWhile } from '../load/callers.ts'
import { postBatch } from '../load/ingest.ts'
import { figure, type Measured, single, type Table } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { outputOf, temporaryFolder } from '../targets/children.ts'
import { startGateway, type Target, token } from '../targets/targets.ts'
import { operatorViews } from './operator-views.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const viewCallers = 2
const healthCallers = 4
/** An hour of a busy VX11, so that the views of events have something to read. */
const eventBatches = 10
const batchOf = 500
/** Until a fresh gateway has given back what its start needed. */
const settleMs = 3000

interface ViewRow extends CallTimes {
  /** With its query. */
  path: string
}

export interface HealthRow extends CallTimes {
  /** Of a full maintenance run. */
  when: 'before' | 'during' | 'after'
}

export async function measureOperatorData({ bundle, upstream, options }: Bench): Promise<Measured> {
  const { rows } = options
  const folder = temporaryFolder()
  const file = join(folder, 'vx11.db')
  const env = { VX11_DATABASE_URL: `file:${file}`, VX11_DATA_DIR: join(folder, 'data') }
  const start = () => startGateway('gateway', bundle, upstream, env)
  const db = (...args: string[]) =>
    outputOf(process.execPath, [join(dirname(bundle.script), 'tentaculo.js'), 'db', ...args], {
      cwd: bundle.folder,
      env,
    })

  await db('seed', '--rows', String(rows), '--file', file)
  const startedAt = performance.now()
  await db('adopt')
  const adoptMs = performance.now() - startedAt
  const adopted = await start()
  await adopted.stop()
  // Else the gateway would begin the weekly run by itself, and most rows are older than they are kept.
  await db('maintain', '--plan')
  const gateway = await start()
  try {
    for (let batch = 0; batch < eventBatches; batch++)
      await postBatch({ url: gateway.url, headers, batch: batchOf }, batch)
    await wait(settleMs)
    const views = await measureViews(gateway, options)
    const health = await measureHealth(gateway, options)
    return sumUp({ rows, adoptMs, readyMs: adopted.startMs, views, health })
  } finally {
    await gateway.stop()
    rmSync(folder, { recursive: true })
  }
}

async function measureViews({ url }: Target, { viewMs }: Bench['options']): Promise<ViewRow[]> {
  const document = (await ask(url, '/openapi.json')) as OpenAPIV3_1.Document
  const views: ViewRow[] = []
  for (const path of operatorViews(document)) {
    const calls = { url, path, headers, callers: viewCallers, pauseMs: 0 }
    views.push({ path, ...(await callWhile(calls, wait(viewMs))) })
  }
  return views
}

/** Quiet stretches before and after it: other changes meanwhile show in the two. */
async function measureHealth({ url }: Target, { stretchMs }: Bench['options']): Promise<HealthRow[]> {
  const calls = { url, path: '/health', headers: {}, callers: healthCallers, pauseMs: 10 }
  const before = await callWhile(calls, wait(stretchMs))
  const during = await callWhile(calls, maintain(url))
  const after = await callWhile(calls, wait(stretchMs))
  return [
    { when: 'before', ...before },
    { when: 'during', ...during },
    { when: 'after', ...after },
  ]
}

/** A full run that deletes what is old. Rejects when it did not end well. */
async function maintain(url: string): Promise<void> {
  const path = '/operator/api/maintenance'
  await ask(url, path, { method: 'POST', body: '{"apply":true}' })
  const read = async () => (await ask(url, path)) as MaintenanceStatus
  while ((await read()).state === 'running') await wait(500)
  const { last } = await read()
  if (!last?.ok) throw new Error(`the maintenance found: ${JSON.stringify(troubles(last))}`)
}

const troubles = (last: MaintenanceReport | null) =>
  Object.entries(last?.steps ?? {}).filter(([, { status }]) => status === 'found' || status === 'failed')

async function ask(url: string, path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url + path, { headers, ...init })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 200)}`)
  return JSON.parse(text)
}

interface Found {
  rows: number
  adoptMs: number
  readyMs: number
  views: readonly ViewRow[]
  health: readonly HealthRow[]
}

function sumUp({ rows, adoptMs, readyMs, views, health }: Found): Measured {
  const started = [figure(rows), figure(adoptMs / 1000, 2), figure(readyMs / 1000, 2), figure(eventBatches * batchOf)]
  return {
    method: `each view asked by ${viewCallers} callers`,
    tables: [
      { head: ['rows', 'adopted in s', 'ready after s', 'events added'], rows: [started] },
      timesTable(
        'view',
        views.map(({ path, ...times }) => [path, times]),
      ),
      timesTable(
        '/health, maintenance',
        health.map(({ when, ...times }) => [when, times]),
      ),
    ],
    readings: {
      adoption: single(adoptMs / 1000),
      'slowest view': single(Math.max(...views.map(({ p99Ms }) => p99Ms))),
      rise: single(healthRise(health)),
    },
  }
}

const timesTable = (of: string, rows: readonly [string, CallTimes][]): Table => ({
  head: [of, 'answers', 'p50 ms', 'p99 ms', 'most ms'],
  rows: rows.map(([name, { n, p50Ms, p99Ms, maxMs }]) => [
    ...[name, figure(n), figure(p50Ms, 2), figure(p99Ms, 2), figure(maxMs, 1)],
  ]),
})

/** Over the slower of the stretches without maintenance. */
export function healthRise(health: readonly HealthRow[]): number {
  const p99 = (when: HealthRow['when']) => health.find((row) => row.when === when)?.p99Ms ?? Number.NaN
  return p99('during') - Math.max(p99('before'), p99('after'))
}
