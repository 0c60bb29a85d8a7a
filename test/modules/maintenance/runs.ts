/** Maintenance runs on a test's database, in this process, with a clock that the test moves. */
import { inArray, sql } from 'drizzle-orm'
import { parseConfig } from '../../../src/config/config.ts'
import type { Database } from '../../../src/db/database.ts'
import { maintenanceKey } from '../../../src/db/maintenance/record.ts'
import type { Progress } from '../../../src/db/maintenance/report.ts'
import { type MaintenanceRequest, maintenanceRequest } from '../../../src/db/maintenance/request.ts'
import { systemState } from '../../../src/db/schema/madre.ts'
import type { StoreWork } from '../../../src/modules/maintenance/outcome.ts'
import { remoteWork } from '../../../src/modules/maintenance/remote-work.ts'
import { runMaintenance } from '../../../src/modules/maintenance/run.ts'
import { fullRunKey, reportKey, retentionKey, runKey } from '../../../src/modules/maintenance/run-record.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'

/** Sleeps cost nothing and move the time: nobody else waits in these tests. */
export function hastyClock(startMs?: number): FakeClock {
  const clock = fakeClock(startMs)
  return { ...clock, sleep: (ms) => clock.advance(ms) }
}

interface RunSetup {
  clock?: FakeClock
  env?: Record<string, string>
  work?: Partial<StoreWork>
  leaseMs?: number
  id?: string
}

export function runOn(database: Database, request: Partial<MaintenanceRequest> = {}, setup: RunSetup = {}) {
  const { clock = hastyClock(), env = {}, work = {}, leaseMs = 120_000, id = crypto.randomUUID() } = setup
  const { retention } = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests', ...env })
  const progress: Progress[] = []
  const run = runMaintenance(
    { db: database.open(), clock, retention, work: { ...remoteWork('server', 1000), ...work } },
    { ...maintenanceRequest('operator'), ...request },
    { id, leaseMs, alone: false, started() {}, progress: (told) => progress.push(told) },
  )
  return { run, progress, id }
}

/** As if nothing had ever been maintained. */
export async function forgetRuns(database: Database): Promise<void> {
  await database
    .open()
    .delete(systemState)
    .where(inArray(systemState.key, [runKey, reportKey, fullRunKey, retentionKey, maintenanceKey]))
}

export async function storedValue(database: Database, key: string): Promise<Record<string, unknown> | null> {
  const rows = await database.open().all<{ value: string }>(sql`SELECT value FROM system_state WHERE key = ${key}`)
  return rows[0] ? JSON.parse(rows[0].value) : null
}
