/** Reads correlations and lists of them among TIMELINE_ROWS (10 million) rows, from a cold start and over and over. */
import { stat } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { databaseFile } from '../support/database-file.ts'
import { testApp } from '../support/test-app.ts'

const rows = Number(process.env.TIMELINE_ROWS ?? 10_000_000)
const perCorrelation = 8
const reads = 300
const file = databaseFile()

const detail = (outcome: string, status: number) =>
  JSON.stringify({
    ...{ kind: 'request', name: 'GET /shub/*', principal: 'link', outcome, status, error: null, decision: null },
    steps: [['shub', 0.5, 12, status]],
  })

/** A thousandth failed, a thousandth was slow, as many rows of others stand between. */
async function fill(): Promise<void> {
  const client = await openFileClient(file().url)
  for (let first = 0; first < rows; first += 500_000) {
    await client.execute({
      sql: `with recursive n(i) as (select ? union all select i + 1 from n where i < ?)
        insert into routing_events (timestamp, trace_id, route_type, provider_id, score, reasoning_short)
        select '2027-01-15 08:00:00.123000', printf('3f0c-%08x-%04x', i / ${perCorrelation}, i / ${perCorrelation} % 7919),
          case i % 1000 when 0 then 'gateway_failed' when 1 then 'gateway_slow' when 2 then 'cli' else 'gateway' end,
          'shub', case i % 1000 when 1 then 3000 else 12.5 end, case i % 1000 when 0 then ? else ? end from n`,
      args: [first, Math.min(rows, first + 500_000) - 1, detail('failed', 503), detail('ok', 200)],
    })
    await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  }
  client.close()
}

const idOf = (correlation: number) =>
  `3f0c-${correlation.toString(16).padStart(8, '0')}-${(correlation % 7919).toString(16).padStart(4, '0')}`

it(`reads a whole correlation among ${rows} rows`, async () => {
  await fill()
  const { authorized } = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false' }, deps: { database: file().database } })
  const path = '/operator/api/correlations'
  const timed = async (at: string) => {
    const startedAt = performance.now()
    const response = await authorized(at)
    const answer = (await response.json()) as { nodes?: unknown[]; correlations?: unknown[] }
    expect(response.status).toBe(200)
    return { ms: performance.now() - startedAt, found: (answer.nodes ?? answer.correlations ?? []).length }
  }
  const size = (await stat(file().path)).size / 2 ** 30
  print(`${rows} rows, ${size.toFixed(1)} GiB`)
  const correlations = Math.floor(rows / perCorrelation)
  const scattered = (index: number) => `${path}/${idOf((index * 7_919_003) % correlations)}`
  const paths: Record<string, (index: number) => string> = {
    'one correlation': scattered,
    'the same again': scattered,
    recent: () => path,
    failed: () => `${path}?show=failed`,
    slow: () => `${path}?show=slow`,
  }
  for (const [name, pathOf] of Object.entries(paths)) {
    const times: number[] = []
    const before = process.cpuUsage()
    for (let index = 0; index < reads; index++) {
      const { ms, found } = await timed(pathOf(index))
      // A row of another part of VX11 has no step below it.
      expect(found).toBeGreaterThanOrEqual(pathOf === scattered ? perCorrelation * 2 - 1 : 1)
      times.push(ms)
    }
    const { user, system } = process.cpuUsage(before)
    const sorted = times.toSorted((one, other) => one - other)
    const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
    const processor = ((user + system) / 1000 / reads).toFixed(1)
    print(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)}, most ${at(1)}; ${processor} ms of processor time each`)
  }
})

const print = (line: string) => process.stdout.write(`${line}\n`)
