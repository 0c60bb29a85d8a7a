/** The app as the tests of the status routes see it: each view against its own schema. */
import * as v from 'valibot'
import { expect } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import {
  ApiHealth,
  CoreHealth,
  Modules,
  OneModule,
  OperatorApiStatus,
  Topology,
} from '../../src/features/status/api/schema.ts'
import { CapabilitiesReport, Observation, OperatorStatus, Snapshot } from '../../src/features/status/operator/schema.ts'
import { SwitchStatus, Vx11Overview, Vx11Status } from '../../src/features/status/schema.ts'
import type { Deps } from '../../src/ports/index.ts'
import { jsonAnswer } from './fake-network.ts'
import { testApp } from './test-app.ts'

const views = {
  '/vx11/status': Vx11Status,
  '/vx11/overview': Vx11Overview,
  '/vx11/switch/status': SwitchStatus,
  '/operator/status': OperatorStatus,
  '/operator/snapshot': Snapshot,
  '/operator/observe': Observation,
  '/operator/capabilities': CapabilitiesReport,
  '/operator/api/status': OperatorApiStatus,
  '/operator/api/modules': Modules,
  '/operator/api/modules/madre': OneModule,
  '/operator/api/health': ApiHealth,
  '/operator/api/topology': Topology,
  '/api/internal/core-health': CoreHealth,
} as const
type Path = keyof typeof views
type Answer<P extends Path> = v.InferOutput<(typeof views)[P]>
export const paths = Object.keys(views) as Path[]

export const hosts = {
  madre: 'http://madre.test:8001',
  shub: 'http://shub.test:8007',
  switch: 'http://switch.test:8002',
  hormiguero: 'http://hormiguero.test:8004',
}
const env = { SWITCH_URL: hosts.switch, HORMIGUERO_URL: hosts.hormiguero }

export function statusApp(database: Database, deps: Partial<Deps> = {}, more: Record<string, string> = {}) {
  const gateway = testApp({
    env: {
      ...env,
      VX11_RATE_LIMIT_USER: '100000',
      VX11_RATE_LIMIT_DEFAULT: '100000',
      VX11_RATE_LIMIT_IP: '100000',
      ...more,
    },
    deps: { database, ...deps },
  })
  const up = (name: keyof typeof hosts, answer: object = {}) =>
    gateway.network.answer(`${hosts[name]}/health`, jsonAnswer({ status: 'ok', ...answer }))
  const down = (name: keyof typeof hosts) =>
    gateway.network.answer(`${hosts[name]}/health`, new TransportError('unreachable'))
  const power = (services: string[]) =>
    gateway.network.answer(
      `${hosts.madre}/madre/power/state`,
      jsonAnswer({
        policy: services.length > 0 ? 'windowed' : 'solo_madre',
        window_id: services.length > 0 ? 'w-1' : null,
        active_services: [...services, 'madre'],
      }),
    )
  up('madre', { version: '7.0' })
  up('shub')
  power([])
  const read = async <P extends Path>(path: P): Promise<Answer<P>> => {
    const response = await gateway.authorized(path)
    expect(response.status, path).toBe(200)
    return v.parse(views[path], await response.json()) as Answer<P>
  }
  /** After everything that was measured is old. */
  const readAnew = async <P extends Path>(path: P) => {
    await gateway.clock.advance(5000)
    return read(path)
  }
  return { ...gateway, up, down, power, read, readAnew }
}

export type StatusApp = ReturnType<typeof statusApp>

/** What a view says about itself; switch's own status speaks of switch alone. */
export const isDegraded = (answer: object): boolean => {
  const report = 'data' in answer && !('degraded' in answer) ? (answer.data as object) : answer
  return 'degraded' in report ? (report.degraded as boolean) : (report as { status: string }).status === 'degraded'
}
const ofOneModule: readonly Path[] = ['/vx11/switch/status', '/operator/api/modules/madre']
export const general = paths.filter((path) => !ofOneModule.includes(path))

export async function degradedViews(gateway: StatusApp): Promise<Set<boolean>> {
  await gateway.clock.advance(5000)
  return new Set(await Promise.all(general.map(async (path) => isDegraded(await gateway.read(path)))))
}
