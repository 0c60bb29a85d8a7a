/** The app as the tests of the truth see it, with a database that has forgotten earlier truths. */
import { like } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach } from 'vitest'
import { testDatabase } from '#test-database'
import { copilotRuntimeServices } from '../../src/db/schema/copilot-tooling.ts'
import { moduleHealth, moduleStatus, systemState } from '../../src/db/schema/madre.ts'
import { RuntimeTruthReport, ServiceTruthReport } from '../../src/features/truth/schema.ts'
import type { Deps } from '../../src/ports/index.ts'
import { jsonAnswer } from './fake-network.ts'
import { testApp } from './test-app.ts'

export const madre = 'http://madre.test:8001'
export const switchUrl = 'http://switch.test:8002'
export const minuteMs = 60_000

export const power = (services: string[] | null) =>
  jsonAnswer(
    services
      ? { policy: 'windowed', window_id: 'w-1', active_services: [...services, 'madre'] }
      : { policy: 'solo_madre', window_id: null, active_services: ['madre'] },
  )

/** Call it where tests are described. */
export function truthApps() {
  const database = testDatabase()
  beforeEach(async () => {
    const db = database().open()
    await db.batch([
      db.delete(systemState).where(like(systemState.key, 'gateway:truth%')),
      db.delete(copilotRuntimeServices),
      db.delete(moduleHealth),
      db.delete(moduleStatus),
    ])
  })

  function vx11(deps: Partial<Deps> = {}, env: Record<string, string> = {}) {
    const gateway = testApp({
      env: { SWITCH_URL: switchUrl, SPAWNER_URL: 'http://spawner.test:8008', ...env },
      deps: { database: database(), ...deps },
    })
    gateway.network.answer(`${madre}/health`, jsonAnswer({ status: 'ok' }))
    gateway.network.answer(`${madre}/madre/power/state`, power(null))
    const read = async () => v.parse(RuntimeTruthReport, await (await gateway.authorized('/operator/api/truth')).json())
    const status = async (name: string) => (await read()).services.find(({ service }) => service === name)
    const minute = () => gateway.services.minutely.truth()
    /** A minute passes, and its work is done. */
    const pass = async () => {
      await gateway.clock.advance(minuteMs)
      await minute()
    }
    const one = async (name: string) =>
      v.parse(ServiceTruthReport, await (await gateway.authorized(`/operator/api/truth/${name}`)).json())
    return { ...gateway, read, status, minute, pass, one }
  }

  return { database, vx11 }
}
