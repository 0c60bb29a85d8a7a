/** How the gateway records its own changes as events. */
import type { GatewayEventType } from '../announcements.ts'
import type { NewEvent } from './events.ts'

/** A change of the gateway itself, recorded once per change. */
export type GatewayEvent = { type: GatewayEventType } & Pick<NewEvent, 'severity' | 'summary'> &
  Partial<Pick<NewEvent, 'module' | 'correlationId' | 'payload'>> & {
    /** Deduplicated across instances: stored only if the last value under key `of` differs from `is`, and is `from`. */
    state?: { of: string; is: string; from?: string }
    /** Stored once under this name within 24 hours. */
    once?: string
  }

/** Who asked for a change, and under which correlation id; both null for one of the gateway's own. */
export interface ChangeOrigin {
  principal: string | null
  correlationId: string | null
}

/** Records a change in the background. A failure is logged. */
export type Announce = (event: GatewayEvent) => void
