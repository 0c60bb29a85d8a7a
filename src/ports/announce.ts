/** Announcing the gateway's own changes as events. */
import type { GatewayEventType } from '../announcements.ts'
import type { NewEvent } from './events.ts'

/** Announced once per change, not per check. */
export type GatewayEvent = { type: GatewayEventType } & Pick<NewEvent, 'severity' | 'summary'> &
  Partial<Pick<NewEvent, 'module' | 'correlationId' | 'payload'>> & {
    /** Deduplicated across instances: stored only if the last value under key `of` differs from `is`. */
    state?: { of: string; is: string }
    /** Stored once under this name within 24 hours. */
    once?: string
  }

/** Stores the event in the background: never delays or fails the caller; a failure is logged. */
export type Announce = (event: GatewayEvent) => void
