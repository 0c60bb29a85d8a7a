/** A destination as the API shows it. */
import type { WebhookPreset } from '../../config/config.ts'
import { isoMoment, isoMomentOrNull } from '../../lib/moment-forms.ts'
import type { WebhookStatus } from '../../ports/index.ts'
import type { Webhook } from './schema.ts'

export function webhookView(status: WebhookStatus): Webhook {
  const { name, address, signed, events, state, position, backlog, open, failures, delivered } = status
  const { lastDelivery, lastError } = status
  return {
    ...{ name, preset: status.preset as WebhookPreset, address, signed, events: events && [...events] },
    min_severity: status.minSeverity === 'crit' ? 'critical' : status.minSeverity,
    ...{ state, position },
    backlog: { messages: backlog.messages, events: backlog.events, oldest_at: isoMomentOrNull(backlog.oldestAt) },
    open,
    last_delivery: lastDelivery && {
      at: isoMoment(lastDelivery.at),
      webhook_id: lastDelivery.id,
      type: lastDelivery.type,
      status: lastDelivery.status,
    },
    last_error: lastError && { at: isoMoment(lastError.at), webhook_id: lastError.id, reason: lastError.reason },
    failures,
    next_try_at: isoMomentOrNull(status.nextTryAt),
    delivered,
    given_up: status.givenUp,
  }
}
