/** What an operator's views cost on a database of VX11's size, and what its maintenance costs those who ask meanwhile. */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { MaintenanceReport } from '../src/db/maintenance/report.ts'
import type { MaintenanceStatus } from '../src/ports/index.ts'
import { outputOf, temporaryFolder } from './children.ts'
import { callWhile } from './load/callers.ts'
import { postBatch } from './load/ingest.ts'
import { operatorViews } from './operator-views.ts'
import type { Options } from './options.ts'
import type { HealthRow, OperatorDataResults, ViewRow } from './results.ts'
import type { Bench } from './run-case.ts'
import { startGateway, type Target, token } from './targets.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const viewCallers = 2
const healthCallers = 4
/** An hour of a busy VX11, so that the views of events have something to read. */
const eventBatches = 10
const batchOf = 500
/** Until a fresh gateway has given back what its start needed. */
const settleMs = 3000

type Measured = Pick<OperatorDataResults, 'rows' | 'events' | 'adoptMs' | 'readyMs' | 'views' | 'health'>

export async function measureOperatorData({ bundle, upstream, options }: Bench): Promise<Measured> {
  const { rows } = options
  const folder = temporaryFolder()
  const file = join(folder, 'vx11.db')
  const env = { VX11_DATABASE_URL: `file:${file}`, VX11_DATA_DIR: join(folder, 'data') }
  const start = () => startGateway('gateway', bundle, upstream, env)
  const db = (...args: string[]) =>
    outputOf(process.execPath, [join(dirname(bundle.script), 'db.js'), ...args], { cwd: bundle.folder, env })

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
    return { rows, events: eventBatches * batchOf, adoptMs, readyMs: adopted.startMs, views, health }
  } finally {
    await gateway.stop()
    rmSync(folder, { recursive: true })
  }
}

async function measureViews({ url }: Target, { viewMs }: Options): Promise<ViewRow[]> {
  const document = (await ask(url, '/openapi.json')) as OpenAPIV3_1.Document
  const views: ViewRow[] = []
  for (const path of operatorViews(document)) {
    const calls = { url, path, headers, callers: viewCallers, pauseMs: 0 }
    views.push({ path, ...(await callWhile(calls, wait(viewMs))) })
  }
  return views
}

/** Quiet stretches before and after it: whatever else changed meanwhile shows in the two. */
async function measureHealth({ url }: Target, { stretchMs }: Options): Promise<HealthRow[]> {
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
