/** One administrative act, and how an event describes one. */
import type { GatewayEvent } from '../../live/events.ts'

export interface Act {
  id: number | string | null
  at: string | number | null
  who: string | null
  act: string
  target: string | null
  outcome: string
  correlation_id: string | null
}

export const actTypes = [
  'gateway.window.opened',
  'gateway.window.extended',
  'gateway.window.closed',
  'gateway.settings.changed',
  'gateway.maintenance.started',
].join(',')

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : Array.isArray(value) ? value.join(', ') : String(value)

export function actOfEvent(event: GatewayEvent): Act {
  const { payload } = event
  return {
    id: event.stream_id,
    at: event.timestamp,
    who: textOf(payload.by ?? payload.principal),
    act: event.type.replace('gateway.', ''),
    target: textOf(payload.target ?? payload.services ?? payload.keys ?? event.summary),
    outcome: textOf(payload.outcome) ?? 'done',
    correlation_id: event.correlation_id,
  }
}
