/**
 * Reads correlations and lists of them among TIMELINE_ROWS (10 million) rows, or those of the file TIMELINE_FILE, by
 * somebody with scope admin and without. Of several rounds the least disturbed one is shown.
 */
import { stat } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { databaseFile } from '../support/database-file.ts'
import { testApp } from '../support/test-app.ts'

const rows = Number(process.env.TIMELINE_ROWS ?? 10_000_000)
const perCorrelation = 8
/** Under way at a time, so that each row of a correlation lies on a page of its own. */
const atOnce = 999
const [rounds, reads] = [3, 150]
const given = process.env.TIMELINE_FILE
const file = databaseFile()

const detail = (outcome: string, status: number) =>
  JSON.stringify({
    ...{ kind: 'request', name: 'GET /shub/*', principal: 'link', outcome, status, error: null, decision: null },
    steps: [['shub', 0.5, 12, status]],
  })

const correlation = `i / ${perCorrelation * atOnce} * ${atOnce} + i % ${atOnce}`

/** A thousandth failed, a thousandth was slow, as many rows of others stand between. */
async function fill(): Promise<void> {
  const client = await openFileClient(file().url)
  for (let first = 0; first < rows; first += 500_000) {
    await client.execute({
      sql: `with recursive n(i) as (select cast(? as integer) union all select i + 1 from n where i < ?)
        insert into routing_events (timestamp, trace_id, route_type, provider_id, score, reasoning_short)
        select '2027-01-15 08:00:00.123000', printf('3f0c-%08x-%04x', ${correlation}, (${correlation}) % 7919),
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

const operator = { name: 'ana', token: 'token-of-ana-00000000001', scopes: ['operator'] }

it(`reads a whole correlation among ${rows} rows`, async () => {
  if (given === undefined) await fill()
  const database = given === undefined ? file().database : await fileDatabase(`file:${given}`)
  const env = { VX11_RATE_LIMIT_ENABLED: 'false', VX11_TOKENS: JSON.stringify([operator]) }
  const { authorized, request } = testApp({ env, deps: { database } })
  const path = '/operator/api/correlations'
  const asOperator = (at: string) => request(at, { headers: { 'x-vx11-token': operator.token } })
  const found = async (answer: Response | Promise<Response>) => {
    const response = await answer
    const { nodes, correlations } = (await response.json()) as { nodes?: unknown[]; correlations?: unknown[] }
    expect(response.status).toBe(200)
    return (nodes ?? correlations ?? []).length
  }
  const size = (await stat(given ?? file().path)).size / 2 ** 30
  print(`${rows} rows, ${size.toFixed(1)} GiB`)
  const correlations = Math.floor(rows / perCorrelation / atOnce) * atOnce
  const scattered = (index: number) => `${path}/${idOf((index * 7_919_003) % correlations)}`
  const lists = { recent: path, failed: `${path}?show=failed`, slow: `${path}?show=slow` }
  await measured('one correlation', async (index) => {
    // A row of another part of VX11 has no step below it.
    expect(await found(authorized(scattered(index)))).toBeGreaterThan(perCorrelation * 2 - 2)
  })
  for (const [name, at] of Object.entries(lists)) {
    await measured(name, async () => expect(await found(authorized(at))).toBeGreaterThan(0))
    await measured(`${name}, of others`, async () => expect(await found(asOperator(at))).toBe(0))
  }
  if (given !== undefined) await database.close()
})

async function measured(name: string, read: (index: number) => Promise<void>): Promise<void> {
  const figures: number[][] = []
  for (let round = 0; round < rounds; round++) {
    const times: number[] = []
    const before = process.cpuUsage()
    for (let index = 0; index < reads; index++) {
      const startedAt = performance.now()
      await read(round * reads + index)
      times.push(performance.now() - startedAt)
    }
    const { user, system } = process.cpuUsage(before)
    times.sort((one, other) => one - other)
    const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0
    figures.push([at(0), at(0.5), at(0.95), at(1), (user + system) / 1000 / reads])
  }
  const [least, p50, p95, most, processor] = [0, 1, 2, 3, 4].map((place) =>
    Math.min(...figures.map((each) => each[place] ?? 0)).toFixed(1),
  )
  print(`${name}: least ${least} ms, p50 ${p50}, p95 ${p95}, most ${most}; ${processor} ms of processor time each`)
}

const print = (line: string) => process.stdout.write(`${line}\n`)
