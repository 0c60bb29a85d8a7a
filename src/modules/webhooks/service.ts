/** The webhooks port: begins turns when a wanted event was stored, when a message is due, and each minute. */
import type { WebhookConfig } from '../../config/config.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { outage } from '../../lib/outage.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { DeliveryReport, Deps, EventLog, StoredEvent, WebhookStatus, Webhooks } from '../../ports/index.ts'
import { gatherMs, nextTryAt } from './fold.ts'
import { typesFor } from './kinds.ts'
import { type Group, readWebhookRecords, replaceRecord, type WebhookRecord } from './record.ts'
import { sendMessage } from './send.ts'
import { revive, webhookState } from './settle.ts'
import { serveWebhook, type TurnDeps } from './turn.ts'

interface ServiceDeps extends TurnDeps, Pick<Deps, 'background' | 'config'> {
  /** A message that is due later waits for the minute's turn: workerd ends what outlives its request. */
  maxWaitMs: number
}

/** A Worker may hold six connections. */
const atOnce = 4
/** A turn that should have begun so long ago ended with its request. */
const overdueMs = 5000

export function webhookService(deps: ServiceDeps): Webhooks {
  const { clock, config, database, background, maxWaitMs } = deps
  /** When turns begin. */
  const planned = new Set<number>()
  /** Where a destination begins that has no position yet. */
  let firstStored: number | null = null
  const trouble = outage({
    began: (reason) => deps.log.warn('webhooks_not_served', { reason }),
    ended: (count) => deps.log.info('webhooks_served_again', { count }),
  })

  /** Undefined for a failure, which the next minute retries. */
  async function turn(webhook: WebhookConfig): Promise<number | null | undefined> {
    try {
      const next = await serveWebhook(deps, webhook, firstStored)
      trouble.worked()
      return next
    } catch (error) {
      trouble.failed(new Error(rootReason(error)))
      return undefined
    }
  }

  async function deliver(): Promise<void> {
    if (config.webhooks.length === 0) return
    for (const { name } of config.webhooks) deps.metrics.webhookConfigured(name)
    const waits = await mapLimit(config.webhooks, atOnce, turn)
    if (waits.every((wait) => wait !== undefined)) firstStored = null
    const soonest = Math.min(...waits.map((wait) => wait ?? Number.POSITIVE_INFINITY))
    if (soonest <= maxWaitMs) plan(soonest)
  }

  function plan(ms: number): void {
    const now = clock.monotonic()
    for (const at of planned) if (at < now - overdueMs) planned.delete(at)
    if ([...planned].some((at) => at <= now + ms)) return
    planned.add(now + ms)
    const begun = clock.sleep(ms).then(() => {
      planned.delete(now + ms)
      return deliver()
    })
    background(begun)
  }

  /** Who takes a test takes what waits, too. */
  async function tryAgain(name: string): Promise<void> {
    const db = database.open()
    const stored = (await readWebhookRecords(db, [name])).get(name)
    if (!stored?.record || webhookState(stored.record) === 'ok') return
    const record = { ...stored.record, savedAt: clock.now() }
    revive(record)
    await replaceRecord(db, name, stored, record)
    plan(0)
  }

  const isWanted = ({ type }: StoredEvent) => config.webhooks.some((webhook) => typesFor(webhook).has(type))

  return {
    deliver,
    stored(events) {
      const first = config.webhooks.length === 0 ? undefined : events.find(isWanted)
      if (!first) return
      firstStored ??= first.id
      plan(gatherMs)
    },
    async read() {
      const { webhooks } = config
      if (webhooks.length === 0) return []
      const names = webhooks.map(({ name }) => name)
      const records = await readWebhookRecords(database.open(), names)
      return webhooks.map((webhook) => statusOf(webhook, records.get(webhook.name)?.record ?? null))
    },
    async test(name, by): Promise<DeliveryReport | undefined> {
      const webhook = config.webhooks.find((each) => each.name === name)
      if (!webhook) return undefined
      const { retryAfterMs: _, ...report } = await sendMessage(deps, webhook, testMessage(deps, by))
      deps.metrics.webhookAttempted(name, report.outcome)
      if (report.outcome === 'delivered') background(tryAgain(name).catch(() => {}))
      return report
    },
  }
}

function testMessage({ clock, random }: Pick<Deps, 'clock' | 'random'>, by: string): Group {
  const [now, id] = [clock.now(), `test_${random.uuid()}`]
  const summary = `A test of this destination, asked for by ${by}`
  const event = { eventId: id, type: 'webhook.test', at: now, severity: 'info', correlationId: null } as const
  return {
    ...{ kind: 'test', subject: 'tentaculo_link', role: 'notice', firstId: 0, id, firstAt: now, since: null },
    ...{ severity: 'info', count: 1, events: [{ ...event, summary }], dueAt: now, attempts: 1 },
  }
}

function statusOf(webhook: WebhookConfig, record: WebhookRecord | null): WebhookStatus {
  const { name, preset, url, keys, events, minSeverity } = webhook
  const groups = record?.groups ?? []
  const firsts = groups.map(({ firstId }) => firstId - 1)
  return {
    ...{ name, preset, address: new URL(url).origin, signed: keys.length > 0, events, minSeverity },
    state: record ? webhookState(record) : 'ok',
    position: record && Math.min(record.position, ...firsts),
    backlog: {
      messages: groups.length,
      events: groups.reduce((sum, { count }) => sum + count, 0),
      oldestAt: groups.length === 0 ? null : Math.min(...groups.map(({ firstAt }) => firstAt)),
    },
    open: Object.keys(record?.open ?? {}),
    lastDelivery: record?.lastDelivery ?? null,
    lastError: record?.lastError ?? null,
    failures: record?.failures ?? 0,
    nextTryAt: record && nextTryAt(record),
    delivered: record?.delivered ?? 0,
    givenUp: record?.givenUp ?? 0,
  }
}

/** The event log that tells `stored` of what this instance stores. */
export const watchedEvents = (events: EventLog, stored: Webhooks['stored']): EventLog => ({
  ...events,
  async append(added, once) {
    const result = await events.append(added, once)
    stored(result)
    return result
  },
  async change(change, added, once) {
    const changed = await events.change(change, added, once)
    if (changed && !changed.repeated) stored(changed.events)
    return changed
  },
})
