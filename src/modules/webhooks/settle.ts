/** What a try means for the ones after it: when the next one is, and when a message or a destination is given up. */
import type { DeliveryOutcome, DeliveryReport, WebhookState } from '../../ports/index.ts'
import { keyOf } from './fold.ts'
import type { Group, WebhookRecord } from './record.ts'

/** 5, 15, 45 s, … */
const firstPauseMs = 5000
const maxPauseMs = 900_000
/** Refusals in a row, of one message or of a destination. */
const maxRefusals = 6
const deadPauseMs = 3_600_000
const maxRetryAfterMs = 6 * 3_600_000
/** They say something about the message and not about who sends it. */
const ofTheMessage: ReadonlySet<number> = new Set([400, 413, 422])
const toldForMs = 3_600_000

export interface DeliveryTry extends DeliveryReport {
  retryAfterMs: number
}

/** 408, 425 and 429 are the only ones of their class that ask for another try. */
export function deliveryOutcome(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return 'delivered'
  const isTransient = status >= 500 || [408, 425, 429].includes(status)
  return isTransient ? 'failed' : 'refused'
}

/** `fraction` spreads the tries of many gateways. */
export function settleTry(
  record: WebhookRecord,
  group: Group,
  attempt: DeliveryTry,
  { now, fraction }: { now: number; fraction: number },
): DeliveryOutcome {
  const { outcome, id, status } = attempt
  if (outcome === 'delivered') {
    remove(record, group, now)
    record.delivered++
    revive(record)
    record.lastDelivery = { at: now, id, type: group.events.at(-1)?.type ?? '', status: status ?? 0 }
    return outcome
  }
  record.lastError = { at: now, id, reason: attempt.reason ?? 'unknown' }
  record.failures++
  if (outcome === 'refused' && ofTheMessage.has(status ?? 0) && group.attempts >= maxRefusals) {
    remove(record, group, now)
    record.givenUp++
    record.nextTryAt = now
    return 'given_up'
  }
  record.refusals = refusalsAfter(record, attempt)
  record.nextTryAt = now + pauseAfter(record, attempt, fraction)
  return outcome
}

function refusalsAfter({ refusals }: WebhookRecord, { outcome, status }: DeliveryTry): number {
  if (outcome !== 'refused') return 0
  if (status === 410) return maxRefusals
  return ofTheMessage.has(status ?? 0) ? refusals : refusals + 1
}

function pauseAfter(record: WebhookRecord, { retryAfterMs }: DeliveryTry, fraction: number): number {
  if (webhookState(record) === 'dead') return deadPauseMs
  const pauseMs = Math.min(firstPauseMs * 3 ** Math.min(record.failures - 1, 10), maxPauseMs)
  return Math.max(Math.round(pauseMs * (0.9 + 0.2 * fraction)), Math.min(retryAfterMs, maxRetryAfterMs))
}

/** After a delivery, or when address or keys are others. */
export function revive(record: WebhookRecord): void {
  record.failures = 0
  record.refusals = 0
  record.nextTryAt = 0
}

export function webhookState({ failures, refusals }: Pick<WebhookRecord, 'failures' | 'refusals'>): WebhookState {
  if (refusals >= maxRefusals) return 'dead'
  return failures > 0 ? 'failing' : 'ok'
}

function remove(record: WebhookRecord, group: Group, now: number): void {
  record.groups = record.groups.filter(({ id }) => id !== group.id)
  record.told = Object.fromEntries(Object.entries(record.told).filter(([, at]) => now - at < toldForMs))
  record.told[keyOf(group)] = now
}
