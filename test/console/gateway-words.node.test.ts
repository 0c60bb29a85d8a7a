/** What the gateway says of itself has words in the Spanish console: a sentence that is given another form fails here. */
import { expect, it } from 'vitest'
import { sentenceOf } from '../../console/src/texts/gateway/spanish-sentences.ts'
import * as announcements from '../../src/announcements.ts'
import { parseConfig } from '../../src/config/config.ts'
import { driftChanges } from '../../src/features/truth/drift/announced.ts'
import type { Drift } from '../../src/features/truth/drift/schema.ts'
import { checkEntrypoint, checkFlags, scanSecrets } from '../../src/features/truth/gates/configuration.ts'
import { checkChat, checkFallback } from '../../src/features/truth/gates/drills.ts'
import { checkDatabase, checkDrift, checkMaintenance, checkServices } from '../../src/features/truth/gates/evidence.ts'
import type { Finding } from '../../src/features/truth/gates/schema.ts'
import { auditOf } from '../../src/modules/audit/act.ts'
import { maintenanceEvents } from '../../src/modules/maintenance/events.ts'
import type { GatewayEvent } from '../../src/ports/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

const unworded = (sentences: readonly (string | null | undefined)[]) =>
  sentences.filter((each) => each && sentenceOf(each) === null)
const ofGates = (gates: readonly Finding[]) => gates.flatMap(({ measured, findings }) => [measured, ...findings])

const origin = { principal: 'link', correlationId: 'c-1' }
const window = { id: 'w-1', services: ['switch'], deadlineMs: 0, reason: null }
const health = { up: false, reason: 'status_503', latencyMs: null, version: null } as never
const whyOrdered = 'b passed a: worth 0.91 over 0.72, success 98 % over 90 %'
const key = { id: 'k-1', name: 'night shift', scopes: ['operator'] }
const resource = { name: 'disk_full', used: 1, limit: 2, at: 60_000, principal: 'link' }
const drift: Drift = {
  area: 'flags',
  module: 'tentaculo_link',
  subject: 'VX11_WAKE_ENABLED',
  expected: 'false',
  actual: 'true',
  severity: 'low',
}

it('has words for the events', () => {
  const a = announcements
  const told: (GatewayEvent | undefined)[] = [
    ...(['up', 'down', 'stopped'] as const).map((to) => a.moduleTurned('switch', to, health)),
    ...(['open', 'closed'] as const).map((state) => a.circuitTurned('switch', state)),
    a.chatProviderTurned('deepseek', { to: 'failed', kind: 'timeout' }),
    a.chatProviderTurned('deepseek', { to: 'returned' }),
    ...[true, false].map((dryRun) => a.chatOrderTurned(['a'], ['b', 'a'], { reason: whyOrdered, dryRun })),
    ...(['opened', 'closed', 'expired'] as const).map((turn) => a.windowTurned(turn, window)),
    ...[null, 'disk full'].map(a.backupTurned),
    ...(['created', 'updated', 'rerolled', 'revoked'] as const).map((turn) => a.keyTurned(turn, key, origin)),
    ...[null, 'link'].map((principal) => a.resourceRunsOut({ ...resource, principal }, 'i-1', 0)),
    a.resourceRecovered(resource, 'i-1'),
    ...[true, false].map((shadow) => a.stormEvent('ip', 200, shadow)),
    ...driftChanges([drift], [drift], origin),
  ]
  for (const outcome of ['done', 'refused', 'failed'] as const)
    for (const error of [null, 'off_by_policy'])
      for (const target of [null, 'switch']) {
        const act = { act: 'window.open', target, outcome, error, before: null, after: null } as const
        const actor = { principal: null, keyName: target, address: '::1', correlationId: 'c-1' }
        told.push(auditOf(act, actor).event as unknown as GatewayEvent)
      }
  expect(told.length).toBeGreaterThan(30)
  expect(unworded(told.map((event) => event?.summary))).toEqual([])
})

it('has words for a maintenance run', () => {
  const told: GatewayEvent[] = []
  const log = { info: () => {}, warn: () => {}, error: () => {} } as never
  const events = maintenanceEvents(
    { announce: (event) => told.push(event), log },
    { id: 'r', trigger: 'weekly' },
    origin,
  )
  const step = { status: 'failed', reason: 'x', duration_ms: 1 } as never
  events.started()
  events.progress({ finished: [{ step: 'quick_check', status: 'ok' } as never], percent: 10 } as never)
  events.finished({ ok: true, duration_ms: 1, steps: {} } as never)
  events.finished({ ok: false, duration_ms: 1, steps: { backup: step, integrity_check: step } } as never)
  events.failed(new Error('x'))
  expect(told.map(({ type }) => type)).toHaveLength(6)
  expect(unworded(told.map(({ summary }) => summary))).toEqual([])
})

it('has words for the gates, passed and failed', async () => {
  const bad = parseConfig({
    ...{ VX11_TENTACULO_LINK_TOKEN: 'too-short', VX11_TENTACULO_LINK_SHARED_SECRET: 'too-short', LOG_LEVEL: 'debug' },
    ...{ MADRE_URL: 'http://madre.example', REDIS_URL: 'redis://redis.example', VX11_MOCK_PROVIDERS: '1' },
    ...{ VX11_V7_OPEN_PATHS: 'true', VX11_RATE_LIMIT_ENABLED: 'false', VX11_RATE_LIMIT_SHADOW: 'true' },
  })
  const good = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-of-24-characters-and-more', VX11_ENV: 'production' })
  const found = [bad, good].flatMap((config) => [checkFlags(config), scanSecrets(config, 0), checkEntrypoint(config)])
  const maintenance = {
    ...{ startedAt: 0, finishedAt: 1, ok: false, quickCheck: 'ok', integrityCheck: 'ok', foreignKeyViolations: 0 },
    backup: null,
  } as const
  const healths = [
    { available: false, maintenance: null },
    { available: true, maintenance: null },
    { available: true, maintenance },
    { available: true, maintenance: { ...maintenance, foreignKeyViolations: 2, ok: true } },
  ] as never[]
  for (const each of healths)
    found.push(checkDatabase(each), checkMaintenance(each, 9 * 86_400_000), checkMaintenance(each, 1))
  const services = [{ service: 'switch', status: 'BROKEN', reason: 'status_503' }]
  const histories = new Map([['madre', { trend: { departed: { kind: 'latency' } } }]])
  found.push(checkServices({ round: { at: 0, services }, histories } as never))
  const audit = { at: 0, drifts: [drift, { ...drift, severity: 'high' }], unknown: [] }
  for (const each of [null, audit]) found.push(checkDrift({ audit: each } as never, 1))
  const deps = { config: { ...bad, controlEnabled: true }, clock: fakeClock() }
  for (const status of [200, 404, 500]) {
    const ask = async () => ({ status, body: new Response('{"response":"yes","degraded":true}').body }) as never
    found.push(await checkChat(deps, ask), await checkFallback(deps, () => ask))
  }
  expect(ofGates(found).length).toBeGreaterThan(25)
  expect(unworded(ofGates(found))).toEqual([])
})
