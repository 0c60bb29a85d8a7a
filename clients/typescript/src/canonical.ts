/** The events that may be sent over the socket: of the canonical types alone the gateway says whether it stored them. */

interface Canonical {
  'system.alert': { alert_id: string; severity: string; message: string }
  'system.correlation.updated': { correlation_id: string; related_events: unknown[]; strength: number }
  'forensic.snapshot.created': { snapshot_id: string; reason: string }
  'madre.decision.explained': { decision_id: string; summary: string; confidence: number }
  'switch.tension.updated': { value: number; components: Record<string, unknown> }
  'shub.action.narrated': { action: string; reason: string; next_step: string }
}

/** `timestamp` is in milliseconds; the gateway adds it where it is missing. */
export type OutgoingEvent = {
  [Type in keyof Canonical]: { type: Type; timestamp?: number } & Canonical[Type]
}[keyof Canonical]

const required: Readonly<Record<keyof Canonical, true>> = {
  'system.alert': true,
  'system.correlation.updated': true,
  'forensic.snapshot.created': true,
  'madre.decision.explained': true,
  'switch.tension.updated': true,
  'shub.action.narrated': true,
}
export const canonicalTypes: ReadonlySet<string> = new Set(Object.keys(required))
