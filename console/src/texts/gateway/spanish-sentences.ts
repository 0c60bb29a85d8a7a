/** Las frases del gateway por la forma que les da; un texto que no tiene ninguna de ellas queda como está. */
import { es } from '../es.ts'
import { word } from '../word.ts'

type Form = readonly [form: RegExp, inSpanish: (...parts: string[]) => string]

/** Un código con nombre; lo que no lo tiene queda como está. */
const reason = (text: string) => {
  const { reasons, problems, chat, states } = es
  const words = [reasons, problems, chat.kinds, states].find((each) => Object.hasOwn(each, text))
  return words ? word(words, text) : text
}
const outcomes: Readonly<Record<string, string>> = { done: 'hecho', refused: 'rechazado', failed: 'fallido' }
const turns: Readonly<Record<string, string>> = {
  ...{ opened: 'abierta', closed: 'cerrada', expired: 'terminada' },
  ...{ created: 'se creó', updated: 'se cambió', rerolled: 'se renovó', revoked: 'se revocó' },
}
const days = (count: string) => (count === '1' ? 'hace 1 día' : `hace ${count} días`)
const areas: Readonly<Record<string, string>> = es.drift.areas
const list = (names: string) => names.replace(/ and (\d+) more$/, ' y $1 más')
const resource = (name: string) => word(es.forecasts.resources, name)

const events: readonly Form[] = [
  [/^(\S+) answers$/, (name) => `${name} responde`],
  [/^(\S+) does not answer: (.+)$/, (name, why) => `${name} no responde: ${reason(why)}`],
  [/^(\S+) is stopped: no window lists it$/, (name) => `${name} está parado: ninguna ventana lo incluye`],
  [/^The breaker of (\S+) opened: its requests are refused$/, (name) => `Se abrió el circuito de ${name}: sus peticiones se rechazan`],
  [/^The breaker of (\S+) closed$/, (name) => `Se cerró el circuito de ${name}`],
  [/^The chat goes on without (.+): (\S+)$/, (name, kind) => `El chat sigue sin ${name}: ${reason(kind)}`],
  [/^(.+) answers the chat again$/, (name) => `${name} vuelve a responder al chat`],
  [/^The chat (would ask|asks) (.+): ([^:]+)$/, (how, order, why) => `El chat ${how === 'asks' ? 'pregunta' : 'preguntaría'} a ${order.replaceAll(', then ', ', luego a ')}: ${reason(why)}`],
  [/^Power window (opened|closed|expired): (.+)$/, (turn, services) => `Ventana de energía ${word(turns, turn)}: ${services}`],
  [/^The database was backed up again$/, () => 'La base de datos vuelve a tener copia'],
  [/^The database was not backed up: (.+)$/, (why) => `No se hizo la copia de la base de datos: ${reason(why)}`],
  [/^Key (.+) was (created|updated|rerolled|revoked)$/, (name, turn) => `La clave ${name} ${word(turns, turn)}`],
  [/^The limit (\S+) (would have refused|refused) (\d+) requests within a minute$/, (rule, how, count) => `El límite ${rule} ${how === 'refused' ? 'rechazó' : 'habría rechazado'} ${count} peticiones en un minuto`],
  [/^The schedule (.+) could not open a window for (.+): (.+)$/, (name, services, why) => `El horario ${name} no pudo abrir una ventana para ${services}: ${reason(why)}`],
  [/^The schedule (.+) woke (.+)$/, (name, services) => `El horario ${name} despertó ${services}`],
  [/^(.+) woke (\S+) with a request$/, (name, service) => `${name} despertó ${service} con una petición`],
  [/^Settings (set|removed): (.+)$/, (change, keys) => `Ajustes ${change === 'set' ? 'cambiados' : 'quitados'}: ${keys}`],
  [/^Maintenance started \((\w+)\)$/, (trigger) => `Empezó el mantenimiento (${word(es.database.triggers, trigger)})`],
  [/^Maintenance: (\w+) (\w+)$/, (step, status) => `Mantenimiento: ${badSteps(`${step} ${status}`)}`],
  [/^Maintenance failed; the log says why$/, () => 'El mantenimiento falló; el registro dice por qué'],
  [/^Retention waits to be let: (\d+) old rows would go$/, (count) => `La retención espera permiso: se irían ${count} filas antiguas`],
  [/^(\w+): (.+) differs from the canon$/, (area, names) => `${word(areas, area)}: ${list(names)} difiere de lo acordado`],
  [/^(\w+): (.+) is as the canon has it again$/, (area, names) => `${word(areas, area)}: ${list(names)} vuelve a estar como se acordó`],
  [/^(.+): ([a-z]+\.[a-z_]+) (.*): (done|refused|failed)(?: \((\w+)\))?$/s, (who, act, target, came, error) => `${who === 'unknown caller' ? 'alguien desconocido' : who}: ${act} ${target}: ${word(outcomes, came)}${error ? ` (${reason(error)})` : ''}`],
  [/^Power window (\S+) is in use and was renewed until (\S+)$/, (id, at) => `La ventana ${id} está en uso y se renovó hasta ${at}`],
  [/^Power window (\S+) was extended until (\S+)$/, (id, at) => `La ventana ${id} se amplió hasta ${at}`],
  [/^Maintenance finished: nothing to complain of$/, () => 'Mantenimiento terminado: nada que objetar'],
  [/^Maintenance finished: (.+)$/, (bad) => `Mantenimiento terminado: ${badSteps(bad)}`],
  [/^(\S+) answers ever more slowly: (\S+) ms where (\S+) ms is usual$/, (name, seen, usual) => `${name} responde cada vez más despacio: ${seen} ms donde lo habitual son ${usual} ms`],
  [/^(\S+) fails more and more often between good answers$/, (name) => `${name} falla cada vez más a menudo entre respuestas buenas`],
  [/^(\S+) answers as usual again$/, (name) => `${name} vuelve a responder como siempre`],
  [/^(\w+) of (.+) in (-?\d+) minutes, if it goes on like this$/, (name, who, minutes) => `${resource(name)}, de ${who}: se agota en ${minutes} minutos si sigue así`],
  [/^(\w+) in (-?\d+) minutes, if it goes on like this$/, (name, minutes) => `${resource(name)}: se agota en ${minutes} minutos si sigue así`],
  [/^(\w+) is no longer predicted$/, (name) => `${resource(name)}: ya no se prevé que se agote`],
]

const badSteps = (text: string) =>
  text
    .split(', ')
    .map((each) => {
      const [, step = each, status = ''] = /^(\w+) (\w+)$/.exec(each) ?? []
      return `${word(es.database.steps, step)}, ${word(es.states, status)}`
    })
    .join('; ')

const gates: readonly Form[] = [
  [/^no secret that is published, shared, short, expired or sent in clear$/, () => 'ningún secreto publicado, compartido, corto, caducado ni enviado sin cifrar'],
  [/^(\d+) problems? with secrets$/, (count) => `problemas con secretos: ${count}`],
  [/^the token of (.+) is one that VX11 publishes$/, (name) => `el token de ${name} es uno que VX11 publica`],
  [/^the token of (.+) in VX11_TOKENS has expired$/, (name) => `el token de ${name} en VX11_TOKENS ha caducado`],
  [/^VX11_UPSTREAM_TOKEN, or the token that stands in for it, is one that VX11 publishes$/, () => 'VX11_UPSTREAM_TOKEN, o el token que hace sus veces, es uno que VX11 publica'],
  [/^the token sent to upstreams is shorter than (\d+) characters$/, (count) => `el token que se envía a los destinos tiene menos de ${count} caracteres`],
  [/^VX11_TENTACULO_LINK_SHARED_SECRET is shorter than (\d+) characters$/, (count) => `VX11_TENTACULO_LINK_SHARED_SECRET tiene menos de ${count} caracteres`],
  [/^VX11_TENTACULO_LINK_SHARED_SECRET is also a token: who learns one knows both$/, () => 'VX11_TENTACULO_LINK_SHARED_SECRET es también un token: quien sabe uno sabe los dos'],
  [/^(\w+) sends the gateway's token over plain http to a public host$/, (name) => `${name} envía el token del gateway por http sin cifrar a un host público`],
  [/^VX11_DATABASE_URL sends its token over plain http to a public host$/, () => 'VX11_DATABASE_URL envía su token por http sin cifrar a un host público'],
  [/^VX11_REDIS_URL reaches a public host without TLS$/, () => 'VX11_REDIS_URL llega a un host público sin TLS'],
  [/^DEEPSEEK_BASE_URL is sent the key over plain http to a public host$/, () => 'a DEEPSEEK_BASE_URL se le envía la clave por http sin cifrar a un host público'],
  [/^(\S+) stands at a public address without a guard of its own$/, (name) => `${name} está en una dirección pública sin protección propia`],
  [/^(\d+) configured upstreams, none of them a second door$/, (count) => `destinos configurados: ${count}; ninguno es una segunda puerta`],
  [/^(\d+) of (\d+) configured upstreams can be reached past the gateway$/, (count, all) => `a ${count} de ${all} destinos configurados se llega sin pasar por el gateway`],
  [/^VX11_ENV is not production$/, () => 'VX11_ENV no es production'],
  [/^VX11_V7_OPEN_PATHS leaves routes open that ask for no token$/, () => 'VX11_V7_OPEN_PATHS deja abiertas rutas que no piden token'],
  [/^VX11_RATE_LIMIT_ENABLED is off$/, () => 'VX11_RATE_LIMIT_ENABLED está desactivado'],
  [/^VX11_RATE_LIMIT_SHADOW lets every request pass$/, () => 'VX11_RATE_LIMIT_SHADOW deja pasar todas las peticiones'],
  [/^VX11_MOCK_PROVIDERS answers chats with a mock$/, () => 'VX11_MOCK_PROVIDERS responde a los chats con una imitación'],
  [/^VX11_SWITCH_CHAT_LANE is full: switch's full lane can run text in a shell$/, () => 'VX11_SWITCH_CHAT_LANE es full: el carril completo de switch puede ejecutar texto en un shell'],
  [/^LOG_LEVEL is debug$/, () => 'LOG_LEVEL es debug'],
  [/^(\d+) flags as production wants them$/, (count) => `${count} opciones como las quiere producción`],
  [/^(\d+) of (\d+) flags are not as production wants them$/, (count, all) => `${count} de ${all} opciones no están como las quiere producción`],
  [/^this gateway has no chat route$/, () => 'este gateway no tiene chat'],
  [/^closed in observer mode$/, () => 'cerrado en modo observador'],
  [/^status (\d+) instead of an answer$/, (status) => `estado ${status} en lugar de una respuesta`],
  [/^answered by (.+)$/, (name) => `respondió ${name}`],
  [/^no model answered: the answer is degraded$/, () => 'no respondió ningún modelo: la respuesta es degradada'],
  [/^(\S+) answered (\d+)(?:, degraded: (true|false))?$/, (path, status, degraded) => `${path} respondió ${status}${degraded ? `, degradado: ${degraded === 'true' ? 'sí' : 'no'}` : ''}`],
  [/^\/readyz answered (\d+) instead of 503$/, (status) => `/readyz respondió ${status} en lugar de 503`],
  [/^the chat gave no degraded answer$/, () => 'el chat no dio una respuesta degradada'],
  [/^(\d+) of (\d+) answers (right|wrong) without upstreams and database$/, (count, all, how) => `${count} de ${all} respuestas ${how === 'right' ? 'correctas' : 'erróneas'} sin destinos ni base de datos`],
  [/^the database does not answer$/, () => 'la base de datos no responde'],
  [/^its integrity was never checked$/, () => 'su integridad no se ha comprobado nunca'],
  [/^integrity check: (.+)$/s, (found) => `comprobación de integridad: ${found}`],
  [/^(\d+) foreign key violations$/, (count) => `claves foráneas violadas: ${count}`],
  [/^integrity ok, (\w+) foreign key violations, checked (\S+)$/, (count, at) => `íntegra, claves foráneas violadas: ${count === 'unknown' ? 'se desconoce' : count}; comprobada ${at}`],
  [/^not in order at (\S+)$/, (at) => `no estaba bien el ${at}`],
  [/^maintenance never ran$/, () => 'aún no ha habido mantenimiento'],
  [/^last run (\S+), (\d+) days ago(, not in order)?$/, (at, count, bad) => `último ${at}, ${days(count)}${bad ? ', con hallazgos' : ''}`],
  [/^(\d+) OK, (\d+) BROKEN, (\d+) off by policy, (\d+) unknown, at (\S+)$/, (ok, broken, asleep, unknown, at) => `${ok} bien, ${broken} rotos, ${asleep} dormidos por política, ${unknown} desconocidos; ${at}`],
  [/^(\S+) departs from its history: (\w+)$/, (name, kind) => `${name} se aparta de su historia: ${kind === 'latency' ? 'latencia' : 'recaídas'}`],
  [/^nothing was audited yet$/, () => 'aún no se ha auditado nada'],
  [/^(\d+) drifts, (\d+) small ones, (\d+) unknown, audited (\S+)$/, (grave, small, unknown, at) => `${grave} derivas, ${small} menores, ${unknown} sin saber; auditado ${at}`],
  [/^(\S+) (.+): (.+); canon: (.+)$/, (name, subject, actual, canon) => `${name} ${valueOf(subject)}: ${valueOf(actual)}; debería: ${valueOf(canon)}`],
  [/^([\w-]+): (\w+)$/, (name, code) => `${name}: ${reason(code)}`],
]

const drifts: readonly Form[] = [
  [/^port$/, () => 'puerto'],
  [/^health path$/, () => 'ruta de salud'],
  [/^version$/, () => 'versión'],
  [/^secrets$/, () => 'secretos'],
  [/^operations$/, () => 'operaciones'],
  [/^a table$/, () => 'una tabla'],
  [/^not there$/, () => 'no está'],
  [/^not there: (.+)$/, (optional) => `no está: ${optional}`],
  [/^no such table$/, () => 'sin esa tabla'],
  [/^a table of another program$/, () => 'una tabla de otro programa'],
  [/^a column$/, () => 'una columna'],
  [/^a column (.+)$/, (declared) => `una columna ${declared}`],
  [/^no such column$/, () => 'sin esa columna'],
  [/^unique$/, () => 'valores únicos'],
  [/^no index$/, () => 'sin índice'],
  [/^values may repeat$/, () => 'los valores pueden repetirse'],
  [/^an index$/, () => 'un índice'],
  [/^none$/, () => 'ninguno'],
  [/^served$/, () => 'se ofrece'],
  [/^served for (.+)$/, (sent) => `se ofrece para ${sent}`],
  [/^served, as in (\S+)$/, (version) => `se ofrece, como en ${version}`],
  [/^not served$/, () => 'no se ofrece'],
  [/^as in (\S+)$/, (version) => `como en ${version}`],
  [/^wants (.+), which the gateway does not send$/, (names) => `quiere ${names}, que el gateway no envía`],
  [/^its id is (\S+), not (\S+)$/, (now, before) => `su id es ${now}, no ${before}`],
  [/^needs (.+)$/, (names) => `necesita ${list(names)}`],
  [/^no longer takes (.+)$/, (names) => `ya no acepta ${list(names)}`],
  [/^no longer answers (.+)$/, (statuses) => `ya no responde ${list(statuses)}`],
  [/^(\d+) more in (\S+): (.+)$/, (count, version, names) => `${count} más en ${version}: ${list(names)}`],
  [/^those of this instance$/, () => 'los de esta instancia'],
  [/^those of (\S+)$/, (version) => `las de ${version}`],
  [/^others, as of (\S+)$/, (at) => `otros, a ${at}`],
  [/^200 from (\S+)$/, (path) => `200 de ${path}`],
  [/^status (\d+)$/, (status) => `estado ${status}`],
  [/^answers (\S+) alone$/, (path) => `solo responde ${path}`],
  [/^unset$/, () => 'sin definir'],
  [/^unset \((.*)\)$/, (fallback) => `sin definir (${fallback})`],
  // Números, nombres y declaraciones no son de ningún idioma.
  [/^(true|false|\d[\w.+-]*|[A-Z][A-Z0-9_() ,]*|without type)$/, (value) => (value === 'without type' ? 'sin tipo' : value)],
]

const refusals: readonly Form[] = [
  [/^POST (\S+), then (.+): one window is open at a time\.$/, (close, open) => `POST ${close} y luego ${open}: solo hay una ventana a la vez.`],
  [/^(POST \S+ \{.*\})$/, (request) => request],
  [/^(\S+) is dormant: (?:start it with (`.+`) and )?set (\w+) to where it runs\.$/, (name, command, variable) => `${name} está sin configurar: ${command ? `arráncalo con ${command} y ` : ''}pon en ${variable} dónde corre.`],
  [/^Set VX11_OPERATOR_CONTROL_ENABLED=true and reload the configuration, or restart the gateway\.$/, () => 'Pon VX11_OPERATOR_CONTROL_ENABLED=true y recarga la configuración, o reinicia el gateway.'],
  [/^(\S+) required but its window is not open$/, (name) => `hace falta ${name}, y su ventana no está abierta`],
  [/^madre does not report which window is open, and none for (\S+) was known$/, (name) => `madre no dice qué ventana está abierta, y no constaba ninguna para ${name}`],
]

const all = [...drifts, ...events, ...gates, ...refusals]

export function sentenceOf(text: string): string | null {
  for (const [form, inSpanish] of all) {
    const found = form.exec(text)
    if (found) return inSpanish(...found.slice(1))
  }
  return null
}

const valueOf = (text: string) => sentenceOf(text) ?? text
