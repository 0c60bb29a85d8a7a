/** How the gateway tells what changed at itself. */
import type { NewEvent } from './events.ts'

/** What changed at the gateway itself; told once per change, not per look. */
export type GatewayEvent = Pick<NewEvent, 'type' | 'severity' | 'summary'> &
  Partial<Pick<NewEvent, 'module' | 'correlationId' | 'payload'>> & {
    /** What several instances see for themselves is told by the first: not while `of` is `is` already. */
    state?: { of: string; is: string }
    /** Told once under this name within 24 hours. */
    once?: string
  }

/** Records what changed, beside the work that changed it: a failure is logged and hurts nobody. */
export type Announce = (event: GatewayEvent) => void
