/** A page of hormiguero's incidents, which it lists newest first and from the beginning only, 200 at most. */
import { isObject } from '../../lib/json-object.ts'
import { keyCursor } from '../../lib/list-cursor.ts'

const maxIncidents = 200

/** How many items the page before has shown, and the id of its last one; empty where it has none. */
export type IncidentCursor = readonly [shown: string, lastId: string]

/** What to ask hormiguero for. */
export const incidentsToAsk = (limit: number, cursor: IncidentCursor | undefined): number =>
  cursor ? maxIncidents : limit

/** New incidents move the others down, so the page begins after the last one shown. */
export function incidentPage(list: readonly unknown[], limit: number, cursor: IncidentCursor | undefined) {
  const [shown, lastId] = cursor ?? ['0', '']
  const last = lastId === '' ? -1 : list.findIndex((incident) => idOf(incident) === lastId)
  const start = last < 0 ? Number(shown) : last + 1
  const incidents = list.slice(start, start + limit)
  const end = start + incidents.length
  const mayGoOn = cursor ? end < list.length : list.length >= limit && end < maxIncidents
  return { incidents, next: mayGoOn ? keyCursor(String(end), idOf(incidents.at(-1))) : null }
}

function idOf(incident: unknown): string {
  if (!isObject(incident)) return ''
  const { id = incident.incident_id } = incident
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 128) : ''
}
