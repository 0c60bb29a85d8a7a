/**
 * One destination's turn: reads the ledger from where it stood, puts events into messages, delivers what is due. Each step
 * is stored before the next one, so that a turn that is cut off anywhere goes on elsewhere with the same messages.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { WebhookConfig } from '../../config/config.ts'
import type { Db } from '../../db/database.ts'
import type { Deps, EventLog, Transport } from '../../ports/index.ts'
import { firstGroup, foldEvents, nextTryAt } from './fold.ts'
import { typesFor } from './kinds.ts'
import { newRecord, readWebhookRecords, replaceRecord, type StoredWebhook, type WebhookRecord } from './record.ts'
import { sendMessage } from './send.ts'
import { revive, settleTry, webhookState } from './settle.ts'

export interface TurnDeps extends Pick<Deps, 'clock' | 'random' | 'log' | 'metrics' | 'database'> {
  events: Pick<EventLog, 'read' | 'newest'>
  transport: Transport
}

/** Longer than a try, so that only a holder that died loses it. */
const leaseBeyondMs = 5000
const pageSize = 200
const maxPages = 20
/** Deliveries in a row; the rest in the next turn. */
const maxDeliveries = 10
/** A position that no message moves is stored at last after so many ids or so much time. */
const storeEveryIds = 2000
const storeEveryMs = 3_600_000
/** A destination that was away from the configuration for so long does not get what happened meanwhile. */
const forgottenAfterMs = 7 * 86_400_000

/** `from` is the first event that this process saw stored. Milliseconds to the next try; null when nothing waits. */
export async function serveWebhook(
  deps: TurnDeps,
  webhook: WebhookConfig,
  from: number | null,
): Promise<number | null> {
  const { clock, database, random } = deps
  const db = database.open()
  const holder = random.uuid()
  let stored = await recordOf(deps, db, webhook, from)
  for (let deliveries = 0; stored?.record; deliveries++) {
    const { lease } = stored.record
    if (lease && lease.holder !== holder && lease.until > clock.now()) return lease.until - clock.now()
    const record: WebhookRecord = structuredClone(stored.record)
    if (record.target !== targetOf(webhook)) {
      record.target = targetOf(webhook)
      revive(record)
    }
    const isFull = await readLedger(deps, webhook, record)
    const dueAt = nextTryAt(record)
    const now = clock.now()
    if (dueAt === null || dueAt > now || deliveries >= maxDeliveries) {
      record.lease = null
      await keep(db, webhook.name, stored, { ...record, savedAt: now })
      return dueAt === null ? (isFull ? 0 : null) : Math.max(0, dueAt - now)
    }
    stored = await deliver(deps, db, webhook, stored, {
      ...record,
      lease: { holder, until: now + webhook.timeoutMs + leaseBeyondMs },
    })
  }
  // Another instance has written meanwhile.
  return stored === null ? 0 : null
}

async function recordOf(
  deps: TurnDeps,
  db: Db,
  webhook: WebhookConfig,
  from: number | null,
): Promise<StoredWebhook | null> {
  const stored = (await readWebhookRecords(db, [webhook.name])).get(webhook.name) ?? { record: null, text: null }
  const now = deps.clock.now()
  if (stored.record && now - stored.record.savedAt < forgottenAfterMs) return stored
  const newest = await deps.events.newest()
  const position = from === null ? newest : Math.min(newest, from - 1)
  deps.log.info('webhook_begun', { reason: `${webhook.name} from event ${position} on` })
  return replaceRecord(db, webhook.name, stored, newRecord(position, targetOf(webhook), now))
}

const targetOf = ({ url, keys, headers }: WebhookConfig): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify([url, keys.map(bytesToHex), headers])))).slice(0, 16)

/** True when something is left to read. */
async function readLedger(
  { events, clock }: TurnDeps,
  webhook: WebhookConfig,
  record: WebhookRecord,
): Promise<boolean> {
  const newest = await events.newest()
  const types = [...typesFor(webhook)]
  for (let pages = 0; pages < maxPages && record.position < newest; pages++) {
    const page = await events.read({ types, after: record.position, limit: pageSize, order: 'oldest_first' })
    if (!foldEvents(record, page.events, webhook, clock.now())) return true
    record.position = Math.max(record.position, page.next ?? newest)
  }
  return record.position < newest
}

/** Stores what changed; a position alone only now and then. */
async function keep(db: Db, name: string, stored: StoredWebhook, record: WebhookRecord): Promise<void> {
  const before = stored.record
  const isSame =
    before &&
    JSON.stringify({ ...before, position: 0, savedAt: 0 }) === JSON.stringify({ ...record, position: 0, savedAt: 0 })
  const isRecent =
    before && record.position - before.position < storeEveryIds && record.savedAt - before.savedAt < storeEveryMs
  if (!(isSame && isRecent)) await replaceRecord(db, name, stored, record)
}

/** The try is stored before it is made: its message then stays as it is, whoever repeats it. */
async function deliver(
  deps: TurnDeps,
  db: Db,
  webhook: WebhookConfig,
  stored: StoredWebhook,
  record: WebhookRecord,
): Promise<StoredWebhook | null> {
  const group = firstGroup(record)
  if (!group) return stored
  group.attempts++
  record.savedAt = deps.clock.now()
  const leased = await replaceRecord(db, webhook.name, stored, record)
  if (!leased) return null
  const attempt = await sendMessage(deps, webhook, group)
  const before = webhookState(record)
  const next = structuredClone(record)
  const now = deps.clock.now()
  const outcome = settleTry(next, group, attempt, { now, fraction: deps.random.fraction() })
  tell(deps, webhook, { outcome, reason: attempt.reason, id: group.id, before, after: webhookState(next) })
  return replaceRecord(db, webhook.name, leased, { ...next, savedAt: now })
}

interface Told {
  outcome: ReturnType<typeof settleTry>
  reason: string | null
  id: string
  before: ReturnType<typeof webhookState>
  after: ReturnType<typeof webhookState>
}

/** One line when a destination begins to fail, dies, or works again; one for each message that is given up. */
function tell({ log, metrics }: TurnDeps, { name }: WebhookConfig, { outcome, reason, id, before, after }: Told): void {
  metrics.webhookAttempted(name, outcome)
  if (outcome === 'given_up') log.error('webhook_message_given_up', { reason: `${name}: ${reason}, ${id}` })
  if (before === after) return
  if (after === 'ok') log.info('webhook_works_again', { reason: name })
  else log[after === 'dead' ? 'error' : 'warn'](`webhook_${after}`, { reason: `${name}: ${reason}` })
}
