/** Embedded madres on a database, with a clock that tests move, and a client for each. */
import { eq } from 'drizzle-orm'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { parseConfig } from '../../../src/config/config.ts'
import type { Database } from '../../../src/db/database.ts'
import { powerEvents, systemState } from '../../../src/db/schema/madre.ts'
import { type EmbeddedMadreDeps, embeddedMadre } from '../../../src/modules/embedded-madre/app.ts'
import { windowKey } from '../../../src/modules/embedded-madre/windows/window-store.ts'
import { inProcess } from '../../../src/modules/maintenance/in-process.ts'
import { remoteWork } from '../../../src/modules/maintenance/remote-work.ts'
import { maintenanceService } from '../../../src/modules/maintenance/service.ts'
import type { Log } from '../../../src/ports/index.ts'
import type { MadreUnderTest } from '../../support/contracts/madre.ts'
import { testEventLog } from '../../support/event-log.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'

export const token = 'madre-token-for-tests'

/** Ids must differ between tests that share a database. */
const random: EmbeddedMadreDeps['random'] = {
  uuid: () => crypto.randomUUID(),
  fraction: () => 0.5,
  bytes: (length) => new Uint8Array(length),
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

interface MadreSetup extends Partial<Omit<EmbeddedMadreDeps, 'clock' | 'config' | 'database'>> {
  clock?: FakeClock
  env?: Record<string, string>
}

export function madreDeps(database: Database, { env = {}, clock = fakeClock(), ...replaced }: MadreSetup = {}) {
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: token, ...env })
  const execute = inProcess({ clock, config, database }, remoteWork('server', 100))
  const quiet = { announce: () => {}, background: () => {} }
  const maintenance = maintenanceService({ clock, log: silentLog, database, random, execute, ...quiet })
  const events = testEventLog({ database, clock: systemClock() })
  return { config, clock, random, database, events, log: silentLog, maintenance, ...replaced }
}

export interface Madre {
  ask(path: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }>
  post(path: string, body: unknown): ReturnType<Madre['ask']>
  open(body: unknown): ReturnType<Madre['ask']>
  close(): ReturnType<Madre['ask']>
  state(): Promise<Record<string, unknown>>
}

/** Every request carries the token. */
export function madreClient(deps: EmbeddedMadreDeps): Madre {
  const app = embeddedMadre(deps)
  const ask: Madre['ask'] = async (path, init = {}) => {
    const headers = { 'x-vx11-token': token, ...(init.headers as Record<string, string>) }
    const response = await app.fetch(new Request(`http://madre${path}`, { ...init, headers }))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const post: Madre['post'] = (path, body) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return {
    ask,
    post,
    open: (body) => post('/madre/power/window/open', body),
    close: () => ask('/madre/power/window/close', { method: 'POST' }),
    state: async () => (await ask('/madre/power/state')).body,
  }
}

/** As if no window had ever been opened. */
export async function forgetWindows(database: Database): Promise<void> {
  const db = database.open()
  await db.batch([db.delete(systemState).where(eq(systemState.key, windowKey)), db.delete(powerEvents)])
}

/** In the order in which they were written. */
export const recordedEvents = (database: Database) => database.open().select().from(powerEvents).orderBy(powerEvents.id)

export const embeddedTraits = { strictWindows: true, policyClosesWindow: true, takesIntents: true }

export async function madreUnderTest(database: Database): Promise<MadreUnderTest> {
  await forgetWindows(database)
  const deps = madreDeps(database)
  const app = embeddedMadre(deps)
  return {
    token,
    fetch: async (path, init) => app.fetch(new Request(`http://madre${path}`, init)),
    passTime: (ms) => deps.clock.advance(ms),
  }
}
