/** Notifications to other systems: how far each destination is, and a test of one. */
import type { EventSeverity, StoredEvent } from './events.ts'

export type WebhookState = 'ok' | 'failing' | 'dead'

/** How a try to deliver ended. `refused`: the receiver does not want it as it is. */
export type DeliveryOutcome = 'delivered' | 'refused' | 'failed' | 'given_up'

export interface WebhookStatus {
  name: string
  preset: string
  /** Scheme and host; the rest may be a credential. */
  address: string
  signed: boolean
  /** As configured; null for the default. */
  events: readonly string[] | null
  minSeverity: EventSeverity
  /** `dead`: refused so often that it is tried once an hour. */
  state: WebhookState
  /** Every event up to this stream id is delivered, or was not wanted; null before the first look. */
  position: number | null
  backlog: { messages: number; events: number; oldestAt: number | null }
  /** Subjects whose problem was told and whose recovery was not yet. */
  open: string[]
  lastDelivery: { at: number; id: string; type: string; status: number } | null
  lastError: { at: number; id: string; reason: string } | null
  /** Tries in a row without a delivery. */
  failures: number
  nextTryAt: number | null
  delivered: number
  givenUp: number
}

export interface DeliveryReport {
  /** The `webhook-id`. */
  id: string
  outcome: DeliveryOutcome
  /** The receiver's status, such as `status_404`, or how the exchange failed; null for a delivery. */
  reason: string | null
  /** Null when there was no answer. */
  status: number | null
  durationMs: number
}

export interface Webhooks {
  /** Notices events that this instance has stored. Never throws. */
  stored(events: readonly StoredEvent[]): void
  /** Delivers what is due, of all instances. Never rejects. */
  deliver(): Promise<void>
  /** Rejects when the database does not answer. */
  read(): Promise<WebhookStatus[]>
  /** One message at once, past the queue; undefined for an unknown name. */
  test(name: string, by: string): Promise<DeliveryReport | undefined>
}
