/** The app as the tests of the drift audit see it: an installation in order, and canons of upstreams to break by hand. */
import { eq, like } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach } from 'vitest'
import { testDatabase } from '#test-database'
import type { UpstreamName } from '../../src/config/config.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { driftReports, manifestatorAudit } from '../../src/db/schema/manifestator.ts'
import { DriftReport } from '../../src/features/truth/drift/schema.ts'
import type { Deps } from '../../src/ports/index.ts'
import { expectedOperations } from '../../src/upstream/expected-operations.ts'
import { type FakeNetwork, jsonAnswer } from './fake-network.ts'
import { testApp } from './test-app.ts'

export const madreUrl = 'http://madre.test:8001'
export const switchUrl = 'http://switch.test:8002'
const shubUrl = 'http://shub.test:8007'

type Body = { required: string[] }

/** An OpenAPI document as FastAPI writes it, with what the gateway asks of the upstream. */
export function contractOf(name: UpstreamName, without: readonly string[] = [], bodies: Record<string, Body> = {}) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { method, path } of expectedOperations[name]) {
    if (without.includes(`${method} ${path}`)) continue
    const schema = bodies[`${method} ${path}`]
    const body = schema && { requestBody: { required: true, content: { 'application/json': { schema } } } }
    const template = path.replace('{}', '{name}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: { ...body, responses: { 200: {} } } }
  }
  return jsonAnswer({ openapi: '3.1.0', info: { title: name, version: '7.0' }, paths })
}

function answerInOrder(network: FakeNetwork): void {
  network.answer(`${madreUrl}/health`, jsonAnswer({ status: 'ok' }))
  network.answer(`${shubUrl}/health`, jsonAnswer({ status: 'ok' }))
  network.answer(`${madreUrl}/madre/power/state`, jsonAnswer({ policy: 'solo_madre' }))
  network.answer(`${madreUrl}/openapi.json`, contractOf('madre'))
  network.answer(`${shubUrl}/openapi.json`, contractOf('shub'))
}

/** Call it where tests are described. */
export function driftApps() {
  const database = testDatabase()
  beforeEach(async () => {
    const db = database().open()
    await db.batch([
      db.delete(systemState).where(like(systemState.key, 'gateway:%')),
      db.delete(driftReports),
      db.delete(manifestatorAudit),
    ])
  })

  function fresh(deps: Partial<Deps> = {}, env: Record<string, string> = {}) {
    const gateway = testApp({ env: { SWITCH_URL: switchUrl, ...env }, deps: { database: database(), ...deps } })
    const { authorized } = gateway
    answerInOrder(gateway.network)
    const parsed = async (response: Response) => v.parse(DriftReport, await response.json())
    const audit = async () => parsed(await authorized('/operator/api/drift', { method: 'POST' }))
    const read = async () => parsed(await authorized('/operator/api/drift'))
    /** What somebody should look at. */
    const grave = ({ drifts }: DriftReport) =>
      drifts.filter(({ severity }) => severity !== 'low').map(({ module, subject }) => `${module} ${subject}`)
    return { ...gateway, audit, read, grave }
  }

  let shared: ReturnType<typeof fresh> | undefined
  /** One for all tests that configure nothing: it describes itself in OpenAPI once, which takes half a second. */
  function vx11() {
    shared ??= fresh()
    answerInOrder(shared.network)
    shared.announced.length = 0
    return shared
  }

  const openRows = async (): Promise<Record<string, string | null>[]> => {
    const rows = await database().open().select().from(driftReports).where(eq(driftReports.resolved, false))
    return rows.map(({ details, severity }) => ({ ...(JSON.parse(details) as Record<string, string>), severity }))
  }
  return { database, fresh, vx11, openRows }
}
