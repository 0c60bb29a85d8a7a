/** Notifiers over one real database and event log, with a network that a test answers for; each is an instance. */

import Registry from 'prom-client/lib/registry.js'
import { jsonLog } from '../../src/adapters/log/json-log.ts'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { parseConfig } from '../../src/config/config.ts'
import type { Database } from '../../src/db/database.ts'
import { ownEvent } from '../../src/modules/events/store/announcer.ts'
import { webhookService } from '../../src/modules/webhooks/service.ts'
import type { GatewayEvent, NewEvent } from '../../src/ports/index.ts'
import { testEventLog } from './event-log.ts'
import { fakeClock } from './fake-clock.ts'
import { type Exchange, fakeNetwork } from './fake-network.ts'
import { fakeRandom } from './fake-random.ts'
import { testEnvironment } from './test-app.ts'

export const hook = 'https://hooks.test/services/T0/secret-path'
/** Of the bytes 0 to 31. */
export const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

export interface Sent {
  id: string
  url: string
  headers: Record<string, string>
  body: Record<string, unknown>
  text: string
}

export function webhookGateway(database: Database, ...webhooks: object[]) {
  const clock = fakeClock()
  const events = testEventLog({ database, clock })
  const network = fakeNetwork()
  const logLines: { event: string; level: string; reason?: string }[] = []
  const random = fakeRandom()
  const metrics = prometheusMetrics(new Registry(), clock)
  const configured = webhooks.map((webhook) => ({ name: 'ops', url: hook, secret, ...webhook }))
  const config = parseConfig({ ...testEnvironment, VX11_WEBHOOKS: JSON.stringify(configured) })
  const log = jsonLog({ level: 'debug', clock, write: (line) => logLines.push(JSON.parse(line)) })
  const work: Promise<unknown>[] = []
  const background = (done: Promise<unknown>) => void work.push(done)
  /** Plans nothing by itself, so that each turn is the test's. */
  const instance = (changes: Partial<Parameters<typeof webhookService>[0]> = {}) =>
    webhookService({
      ...{ clock, events, log, metrics, random, config, database, background },
      ...{ transport: network.transport, maxWaitMs: -1, ...changes },
    })
  const service = instance()
  const answer = (status: number, headers: Record<string, string> = {}) =>
    network.answer(hook, { status, headers, body: null })
  answer(204)
  return {
    ...{ clock, events, network, logLines, metrics, config, work, instance, service, answer },
    post: (...posted: NewEvent[]) => events.append(posted),
    tell: (...told: GatewayEvent[]) => events.append(told.map(ownEvent)),
    /** Lets time pass and takes a turn. */
    async turn(ms = 0, turning = service) {
      await clock.advance(ms)
      await turning.deliver()
    },
    status: async () => {
      const [status] = await service.read()
      if (!status) throw new Error('no webhook')
      return status
    },
    sent: () => network.exchanges.map(sentIn),
  }
}

export function sentIn({ url, init }: Exchange): Sent {
  const text = new TextDecoder().decode(init.body as Uint8Array)
  const headers = init.headers as Record<string, string>
  return { id: headers['webhook-id'] ?? '', url, headers, text, body: JSON.parse(text) }
}
