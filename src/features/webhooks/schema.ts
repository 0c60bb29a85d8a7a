/** What the webhook routes give. */
import * as v from 'valibot'
import { webhookPresets } from '../../config/config.ts'

const Moment = v.nullable(v.string())

export const Webhook = v.object({
  name: v.string(),
  preset: v.picklist(webhookPresets),
  /** Scheme and host; the rest of the address may be a credential. */
  address: v.string(),
  signed: v.boolean(),
  /** As configured; null for those that want a person. */
  events: v.nullable(v.array(v.string())),
  min_severity: v.picklist(['info', 'warn', 'critical']),
  /** `failing`: the last try was no delivery; `dead`: refused so often that it is tried once an hour. */
  state: v.picklist(['ok', 'failing', 'dead']),
  /** Every event up to this stream id is delivered, or was not wanted; null before the first look. */
  position: v.nullable(v.number()),
  backlog: v.object({ messages: v.number(), events: v.number(), oldest_at: Moment }),
  /** Problems that were told or wait to be, and have not ended: kind and subject. */
  open: v.array(v.string()),
  last_delivery: v.nullable(v.object({ at: v.string(), webhook_id: v.string(), type: v.string(), status: v.number() })),
  /** Stays after later deliveries. */
  last_error: v.nullable(v.object({ at: v.string(), webhook_id: v.string(), reason: v.string() })),
  /** Tries in a row without a delivery. */
  failures: v.number(),
  next_try_at: Moment,
  delivered: v.number(),
  /** Messages that the receiver refused for what they are, and that are not tried again. */
  given_up: v.number(),
})
export type Webhook = v.InferOutput<typeof Webhook>

export const WebhookList = v.object({ webhooks: v.array(Webhook), correlation_id: v.string() })

export const TestedWebhook = v.object({
  status: v.literal('delivered'),
  name: v.string(),
  webhook_id: v.string(),
  http_status: v.nullable(v.number()),
  duration_ms: v.number(),
  correlation_id: v.string(),
})
