/** Who may read what was recorded of whom. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { someEvent } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import {
  below,
  correlationsPath,
  forgetCorrelations,
  type Name,
  recordingGateway,
  spans,
  traceId,
} from '../support/recording-gateway.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const gateway = (env = {}) => recordingGateway(database(), env)
const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)

beforeEach(() => forgetCorrelations(database()))

describe('who may read a correlation', () => {
  it('is its principal, and who has scope admin; to another it does not exist', async () => {
    const { as, record, tree } = gateway()
    await record({})
    expect((await tree('c', 'ana')).nodes).toHaveLength(1)
    expect((await tree('c', 'chief')).nodes).toHaveLength(1)
    const [foreign, unknown] = await Promise.all(['c', 'nobody'].map((id) => as('ben', `${correlationsPath}/${id}`)))
    const problems = [await expectProblem(foreign as Response, 'correlation_not_found')]
    problems.push(await expectProblem(unknown as Response, 'correlation_not_found'))
    const [one, other] = problems.map(({ correlation_id: _, ...problem }) => problem)
    expect(one).toEqual(other)
  })

  it('sees of a shared id only its own, and what is public', async () => {
    const { events, record, tree } = gateway()
    await record({}, { principal: 'ben', target: 'switch' }, { principal: null, target: 'madre' })
    await events.append([
      someEvent({ correlationId: 'c', type: 'of.ana', payload: { principal: 'ana' } }),
      someEvent({ correlationId: 'c', type: 'of.ben', payload: { by: 'ben' } }),
      someEvent({ correlationId: 'c', type: 'of.nobody', payload: {} }),
    ])
    const seen = async (name: Name) =>
      (await tree('c', name)).nodes.map(({ target, name: what }) => (what.startsWith('of.') ? what : target))
    expect(await seen('ana')).toEqual(['shub', 'madre', 'of.ana', 'of.nobody'])
    expect(await seen('ben')).toEqual(['switch', 'madre', 'of.ben', 'of.nobody'])
    expect(await seen('chief')).toHaveLength(6)
  })

  it('is nobody but an administrator where nothing says whose it was', async () => {
    const { as, tree } = gateway()
    for (const [type, text] of [
      ['proxy', 'GET /shub/* 200 13 ms'],
      ['provider_call', 'answered'],
      ['gateway', 'no JSON'],
      ['gateway', '{}'],
    ])
      await run(
        sql`insert into routing_events (trace_id, route_type, provider_id, reasoning_short) values ('c', ${type}, 'p', ${text})`,
      )
    await expectProblem(await as('ana', `${correlationsPath}/c`), 'correlation_not_found')
    expect((await tree('c', 'chief')).nodes).toHaveLength(4)
  })

  it('is not moved by what others write under the same id', async () => {
    const { record, tree, list } = gateway()
    await record({ durationMs: 42 })
    for (let part = 0; part < 3; part++) await record(...Array.from({ length: 300 }, () => ({ principal: 'ben' })))
    expect((await tree('c', 'ana')).nodes).toMatchObject([{ principal: 'ana', duration_ms: 42 }])
    expect((await list('', 'ana')).correlations).toMatchObject([{ id: 'c', records: 1, principal: 'ana' }])
  })

  it('follows no trace of another to its correlations', async () => {
    const { as, record } = gateway()
    await record({ principal: 'ben', correlationId: 'of-ben', traceparent: below(spans[0]) })
    await expectProblem(await as('ana', `${correlationsPath}/${traceId}`), 'correlation_not_found')
  })

  it('holds for the older timeline, too', async () => {
    const { as, record } = gateway()
    await record({}, { principal: 'ben' })
    const { entries } = (await (await as('ben', '/operator/api/events/correlations/c')).json()) as {
      entries: unknown[]
    }
    expect(entries).toHaveLength(1)
  })

  it('is nobody without scope operator', async () => {
    const { request } = gateway()
    for (const at of [correlationsPath, `${correlationsPath}/c`]) {
      await expectProblem(await request(at), 'auth_required')
      await expectProblem(await request(at, { headers: { 'x-vx11-token': tokens.shub } }), 'forbidden')
    }
  })

  it.each(['a b', 'x'.repeat(129), 'é', "'; drop table events", '%00', '{}'])('refuses the id %s', async (id) => {
    const { as } = gateway()
    await expectProblem(await as('chief', `${correlationsPath}/${encodeURIComponent(id)}`), 'validation_error')
  })

  it.each(['..', '__proto__', 'constructor', 'a/b', '-'])('finds nothing under the id %s', async (id) => {
    const { as } = gateway()
    expect([400, 404]).toContain((await as('chief', `${correlationsPath}/${id}`)).status)
  })
})
