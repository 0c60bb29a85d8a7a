/** A gateway that records its work in a real database, with three principals: `chief` has scope admin. */
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Database } from '../../src/db/database.ts'
import { Correlation, CorrelationList } from '../../src/features/correlations/tree/schema.ts'
import { workRecorder } from '../../src/modules/timeline/work-recorder.ts'
import type { RecordedWork } from '../../src/ports/index.ts'
import { silent, testEventLog } from './event-log.ts'
import { fakeClock } from './fake-clock.ts'
import { testApp } from './test-app.ts'

export const named = [
  { name: 'ana', token: 'token-of-ana-00000000001', scopes: ['operator', 'shub'] },
  { name: 'ben', token: 'token-of-ben-00000000001', scopes: ['operator', 'shub'] },
  { name: 'chief', token: 'token-of-the-chief-00001', scopes: ['operator', 'shub', 'admin'] },
] as const
export type Name = (typeof named)[number]['name']
const tokenOf = (name: Name) => named.find((each) => each.name === name)?.token ?? ''
/** Empties the tables that a correlation is read from. */
export async function forgetCorrelations(database: Database): Promise<void> {
  for (const table of ['events', 'operator_events', 'forensic_ledger', 'routing_events', 'operator_message'])
    await database.open().run(sql.raw(`delete from ${table}`))
}

export const correlationsPath = '/operator/api/correlations'

export function recordingGateway(database: Database, env = {}) {
  const clock = fakeClock()
  const events = testEventLog({ database, clock })
  let recorder: ReturnType<typeof workRecorder> | undefined
  const app = testApp({
    env: { VX11_TOKENS: JSON.stringify(named), ...env },
    clock,
    deps: { events, database, recorder: { record: (work) => recorder?.record(work) } },
  })
  const made = workRecorder({
    ...{ clock, config: app.deps.config, log: silent, database },
    metrics: { requestsNotRecorded: () => {} },
    background: () => {},
  })
  recorder = made
  const as = (name: Name, at: string, init: RequestInit = {}) =>
    app.request(at, { ...init, headers: { 'x-vx11-token': tokenOf(name), ...(init.headers as object) } })
  const record = async (...work: Partial<RecordedWork>[]) => {
    for (const each of work) made.record({ ...exchange, at: clock.now(), ...each })
    await made.flush()
  }
  const tree = async (id: string, name: Name = 'chief') =>
    v.parse(Correlation, await (await as(name, `${correlationsPath}/${id}`)).json())
  const list = async (query = '', name: Name = 'chief') =>
    v.parse(CorrelationList, await (await as(name, `${correlationsPath}${query}`)).json())
  return { ...app, clock, events, as, record, flush: made.flush, tree, list }
}

/** Of `ana` with shub, ten milliseconds long. */
const exchange: Omit<RecordedWork, 'at'> = {
  ...{ kind: 'request', durationMs: 10, correlationId: 'c', principal: 'ana', target: 'shub', name: 'GET /shub/*' },
  ...{ outcome: 'ok', status: 200, error: null, decisions: [], steps: [] },
}

export const traceId = '0af7651916cd43dd8448eb211c80319c'
export const spans = ['b7ad6b7169203331', 'b7ad6b7169203332', 'b7ad6b7169203333'] as const
export const below = (span: string, trace: string = traceId) => `00-${trace}-${span}-01`
