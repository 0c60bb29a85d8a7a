/** Los eventos del propio gateway, por su tipo y lo que llevan. */
import type { GatewayEventType } from '../../../../src/announcements.ts'
import { t, word } from '../index.ts'
import { sentenceOf } from './es-sentences.ts'
import type { GatewayWords } from './index.ts'

type Told = Parameters<GatewayWords['summary']>[0]
type Fields = Told['payload']

class Unworded extends Error {}

/** Un valor que se puede leer; si falta, el evento queda como lo dijo el gateway. */
function told(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new Unworded()
}

function list(fields: Fields, name: string): string {
  const value = fields[name]
  if (!Array.isArray(value) || value.length === 0) throw new Unworded()
  return value.map(String).join(', ')
}

const module = ({ module: name }: Told) => name ?? 'tentaculo_link'
const reason = (text: string) => {
  const { reasons, problems, chat } = t()
  return word([reasons, problems, chat.kinds].find((words) => Object.hasOwn(words, text)) ?? {}, text)
}
const windowTurned = (turn: string) => (event: Told) => `Ventana de energía ${turn}: ${list(event.payload, 'services')}`
const keyTurned = (turn: string) => (event: Told) => `La clave ${told(event.payload, 'name')} ${turn}`
const asSaid = ({ summary }: Told) => sentenceOf(summary ?? '')

const outcomes: Readonly<Record<string, string>> = { done: 'hecho', refused: 'rechazado', failed: 'fallido' }

function audited({ payload }: Told): string {
  const who = payload.key_name ?? payload.principal ?? 'alguien desconocido'
  const error = typeof payload.error === 'string' ? ` (${reason(payload.error)})` : ''
  const came = word(outcomes, told(payload, 'outcome'))
  return `${who}: ${told(payload, 'act')} ${payload.target ?? ''}: ${came}${error}`
}

const wokenBy = ({ payload }: Told) =>
  payload.by === 'schedule'
    ? `El horario ${told(payload, 'name')} despertó ${list(payload, 'services')}`
    : `${told(payload, 'name')} despertó ${list(payload, 'services')} con una petición`

const ordered = ({ payload }: Told) =>
  `El chat ${payload.dry_run === true ? 'preguntaría' : 'pregunta'} a ${list(payload, 'order')}: ${reason(told(payload, 'reason'))}`

/** Sus derivas, como mucho las doce primeras. */
const drifted = (turn: string) => (event: Told) => {
  const { drifts } = event.payload
  if (!Array.isArray(drifts)) throw new Unworded()
  const names = drifts.slice(0, 12).map((each: Fields) => `${told(each, 'module')} ${told(each, 'subject')}`)
  const more = Number(told(event.payload, 'count')) - names.length
  const areas: Readonly<Record<string, string>> = t().drift.areas
  return `${word(areas, told(event.payload, 'area'))}: ${names.join(', ')}${more > 0 ? ` y ${more} más` : ''} ${turn}`
}

const step = (event: Told) => {
  const { steps } = t().database
  return `Mantenimiento: ${word(steps, told(event.payload, 'step'))}, ${word(t().states, told(event.payload, 'status'))}`
}

const summaries: Readonly<Record<GatewayEventType, (event: Told) => string | null>> = {
  'gateway.module.up': (event) => `${module(event)} responde`,
  'gateway.module.down': (event) => `${module(event)} no responde: ${reason(String(event.payload.reason ?? 'unknown'))}`,
  'gateway.module.stopped': (event) => `${module(event)} está parado: ninguna ventana lo incluye`,
  'gateway.breaker.opened': (event) => `Se abrió el circuito de ${module(event)}: sus peticiones se rechazan`,
  'gateway.breaker.closed': (event) => `Se cerró el circuito de ${module(event)}`,
  'gateway.window.opened': windowTurned('abierta'),
  'gateway.window.closed': windowTurned('cerrada'),
  'gateway.window.expired': windowTurned('terminada'),
  'gateway.window.extended': asSaid,
  'gateway.window.woken': wokenBy,
  'gateway.window.not_woken': ({ payload }) =>
    `El horario ${told(payload, 'name')} no pudo abrir una ventana para ${list(payload, 'services')}: ${reason(told(payload, 'reason'))}`,
  'gateway.audit': audited,
  'gateway.limit.storm': ({ payload }) =>
    `El límite ${told(payload, 'rule')} ${payload.shadow === true ? 'habría rechazado' : 'rechazó'} ${told(payload, 'refused')} peticiones en un minuto`,
  'gateway.key.created': keyTurned('se creó'),
  'gateway.key.updated': keyTurned('se cambió'),
  'gateway.key.rerolled': keyTurned('se renovó'),
  'gateway.key.revoked': keyTurned('se revocó'),
  'gateway.chat.provider_failed': ({ payload }) =>
    `El chat sigue sin ${told(payload, 'provider')}: ${reason(told(payload, 'kind'))}`,
  'gateway.chat.provider_returned': ({ payload }) => `${told(payload, 'provider')} vuelve a responder al chat`,
  'gateway.chat.order_changed': ordered,
  'gateway.settings.changed': ({ payload }) =>
    `Ajustes ${payload.change === 'removed' ? 'quitados' : 'cambiados'}: ${list(payload, 'keys')}`,
  'gateway.maintenance.started': ({ payload }) =>
    `Empezó el mantenimiento (${word(t().database.triggers, told(payload, 'trigger'))})`,
  'gateway.maintenance.step': step,
  'gateway.maintenance.finished': asSaid,
  'gateway.maintenance.failed': () => 'El mantenimiento falló; el registro dice por qué',
  'gateway.maintenance.retention_held': ({ payload }) =>
    `La retención espera permiso: se irían ${told(payload, 'eligible')} filas antiguas`,
  'gateway.health.predicted': asSaid,
  'gateway.health.recovered': asSaid,
  'gateway.backup.failed': ({ payload }) => `No se hizo la copia de la base de datos: ${told(payload, 'reason')}`,
  'gateway.backup.recovered': () => 'La base de datos vuelve a tener copia',
  'gateway.drift.found': drifted('difiere de lo acordado'),
  'gateway.drift.resolved': drifted('vuelve a estar como se acordó'),
}

const isOwn = (type: string): type is GatewayEventType => Object.hasOwn(summaries, type)

export function summaryOf(event: Told): string | null {
  if (!isOwn(event.type)) return null
  try {
    return summaries[event.type](event)
  } catch (error) {
    if (error instanceof Unworded) return null
    throw error
  }
}
