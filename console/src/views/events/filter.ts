/** Which events are shown: what the address says. */
import type { GatewayEvent } from '../../live/events.ts'

export interface EventFilter {
  type: string
  severity: string
  module: string
  text: string
}

export const filterNames = ['type', 'severity', 'module', 'text'] as const

export function filterOf(query: URLSearchParams): EventFilter {
  const of = (name: string) => query.get(name)?.trim() ?? ''
  return { type: of('type'), severity: of('severity'), module: of('module'), text: of('text') }
}

export function matches({ type, severity, module, text }: EventFilter): (event: GatewayEvent) => boolean {
  const types = type
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
  const wanted = text.toLowerCase()
  return (event) =>
    (types.length === 0 ||
      types.some((each) => event.type === each || (each.endsWith('*') && event.type.startsWith(each.slice(0, -1))))) &&
    (!severity || event.severity === severity) &&
    (!module || event.module === module) &&
    (!wanted || holds(event, wanted))
}

function holds(event: GatewayEvent, wanted: string): boolean {
  const { summary, type, source, correlation_id: id, payload } = event
  return (
    [summary, type, source, id].some((each) => each?.toLowerCase().includes(wanted)) ||
    JSON.stringify(payload).toLowerCase().includes(wanted)
  )
}

/** The part of a filter that the gateway can apply; the rest is applied here. */
export function serverQuery({ type, severity, module }: EventFilter): string {
  const query = new URLSearchParams({ limit: '200', hours_back: '8760' })
  if (type && !type.includes('*')) query.set('type', type)
  if (severity) query.set('severity', severity)
  if (module) query.set('module', module)
  return query.toString()
}
