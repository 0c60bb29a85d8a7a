/** Los resúmenes de los eventos. */
import { es } from '../es.ts'
import { word } from '../word.ts'
import { type Form, list, reason, sentenceBy } from './spanish-form.ts'

const outcomes: Readonly<Record<string, string>> = { done: 'hecho', refused: 'rechazado', failed: 'fallido' }
const turns: Readonly<Record<string, string>> = {
  ...{ opened: 'abierta', closed: 'cerrada', expired: 'terminada' },
  ...{ created: 'se creó', updated: 'se cambió', rerolled: 'se renovó', revoked: 'se revocó' },
}
const areas: Readonly<Record<string, string>> = es.drift.areas
const resource = (name: string) => word(es.forecasts.resources, name)

const badSteps = (text: string) =>
  text
    .split(', ')
    .map((each) => {
      const [, step = each, status = ''] = /^(\w+) (\w+)$/.exec(each) ?? []
      return `${word(es.database.steps, step)}, ${word(es.states, status)}`
    })
    .join('; ')

const whyOrdered: readonly Form[] = [
  [/^a model passed below or above the floor of quality$/, () => 'un modelo cruzó el mínimo de calidad'],
  [
    /^(.+) is below the floor of quality: (.+) of its answers are good$/,
    (name, share) => `${name} está bajo el mínimo de calidad: son buenas ${share} de sus respuestas`,
  ],
  [
    /^(.+) is above the floor of quality again: (.+) of its answers are good$/,
    (name, share) => `${name} vuelve a superar el mínimo de calidad: son buenas ${share} de sus respuestas`,
  ],
  [
    /^(.+) passed (.+): worth (\S+) over (\S+), success (.+) over (.+)$/,
    (up, down, worth, than, success, other) =>
      `${up} adelantó a ${down}: valor ${worth} frente a ${than}, éxito ${success} frente a ${other}`,
  ],
]

export const ofEvents: readonly Form[] = [
  [/^(\S+) answers$/, (name) => `${name} responde`],
  [/^(\S+) does not answer: (.+)$/, (name, why) => `${name} no responde: ${reason(why)}`],
  [/^(\S+) is stopped: no window lists it$/, (name) => `${name} está parado: ninguna ventana lo incluye`],
  [
    /^The breaker of (\S+) opened: its requests are refused$/,
    (name) => `Se abrió el circuito de ${name}: sus peticiones se rechazan`,
  ],
  [/^The breaker of (\S+) closed$/, (name) => `Se cerró el circuito de ${name}`],
  [/^The chat goes on without (.+): (\S+)$/, (name, kind) => `El chat sigue sin ${name}: ${reason(kind)}`],
  [/^(.+) answers the chat again$/, (name) => `${name} vuelve a responder al chat`],
  [
    /^The chat (would ask|asks) ([^:]+): (.+)$/,
    (how, order, why) =>
      `El chat ${how === 'asks' ? 'pregunta' : 'preguntaría'} a ${order.replaceAll(', then ', ', luego a ')}: ${sentenceBy(whyOrdered, why) ?? why}`,
  ],
  [
    /^Power window (opened|closed|expired): (.+)$/,
    (turn, services) => `Ventana de energía ${word(turns, turn)}: ${services}`,
  ],
  [/^The database was backed up again$/, () => 'La base de datos vuelve a tener copia'],
  [/^The database was not backed up: (.+)$/, (why) => `No se hizo la copia de la base de datos: ${reason(why)}`],
  [/^Key (.+) was (created|updated|rerolled|revoked)$/, (name, turn) => `La clave ${name} ${word(turns, turn)}`],
  [
    /^The limit (\S+) (would have refused|refused) (\d+) requests within a minute$/,
    (rule, how, count) =>
      `El límite ${rule} ${how === 'refused' ? 'rechazó' : 'habría rechazado'} ${count} peticiones en un minuto`,
  ],
  [
    /^The schedule (.+) could not open a window for (.+): (.+)$/,
    (name, services, why) => `El horario ${name} no pudo abrir una ventana para ${services}: ${reason(why)}`,
  ],
  [/^The schedule (.+) woke (.+)$/, (name, services) => `El horario ${name} despertó ${services}`],
  [/^(.+) woke (\S+) with a request$/, (name, service) => `${name} despertó ${service} con una petición`],
  [
    /^Settings (set|removed): (.+)$/,
    (change, keys) => `Ajustes ${change === 'set' ? 'cambiados' : 'quitados'}: ${keys}`,
  ],
  [/^Maintenance started \((\w+)\)$/, (trigger) => `Empezó el mantenimiento (${word(es.database.triggers, trigger)})`],
  [/^Maintenance: (\w+) (\w+)$/, (step, status) => `Mantenimiento: ${badSteps(`${step} ${status}`)}`],
  [/^Maintenance failed; the log says why$/, () => 'El mantenimiento falló; el registro dice por qué'],
  [
    /^Retention waits to be let: (\d+) old rows would go$/,
    (count) => `La retención espera permiso: se irían ${count} filas antiguas`,
  ],
  [
    /^(\w+): (.+) differs from the canon$/,
    (area, names) => `${word(areas, area)}: ${list(names)} difiere de lo acordado`,
  ],
  [
    /^(\w+): (.+) is as the canon has it again$/,
    (area, names) => `${word(areas, area)}: ${list(names)} vuelve a estar como se acordó`,
  ],
  [
    /^(.+): ([a-z]+\.[a-z_]+) (.*): (done|refused|failed)(?: \((\w+)\))?$/s,
    (who, act, target, came, error) =>
      `${who === 'unknown caller' ? 'alguien desconocido' : who}: ${act} ${target}: ${word(outcomes, came)}${error ? ` (${reason(error)})` : ''}`,
  ],
  [
    /^Power window (\S+) is in use and was renewed until (\S+)$/,
    (id, at) => `La ventana ${id} está en uso y se renovó hasta ${at}`,
  ],
  [/^Power window (\S+) was extended until (\S+)$/, (id, at) => `La ventana ${id} se amplió hasta ${at}`],
  [/^Maintenance finished: nothing to complain of$/, () => 'Mantenimiento terminado: nada que objetar'],
  [/^Maintenance finished: (.+)$/, (bad) => `Mantenimiento terminado: ${badSteps(bad)}`],
  [
    /^(\S+) answers ever more slowly: (\S+) ms where (\S+) ms is usual$/,
    (name, seen, usual) => `${name} responde cada vez más despacio: ${seen} ms donde lo habitual son ${usual} ms`,
  ],
  [
    /^(\S+) fails more and more often between good answers$/,
    (name) => `${name} falla cada vez más a menudo entre respuestas buenas`,
  ],
  [/^(\S+) answers as usual again$/, (name) => `${name} vuelve a responder como siempre`],
  [
    /^(\w+) of (.+) in (-?\d+) minutes, if it goes on like this$/,
    (name, who, minutes) => `${resource(name)}, de ${who}: se agota en ${minutes} minutos si sigue así`,
  ],
  [
    /^(\w+) in (-?\d+) minutes, if it goes on like this$/,
    (name, minutes) => `${resource(name)}: se agota en ${minutes} minutos si sigue así`,
  ],
  [/^(\w+) is no longer predicted$/, (name) => `${resource(name)}: ya no se prevé que se agote`],
]
