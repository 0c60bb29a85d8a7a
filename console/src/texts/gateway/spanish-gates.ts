/** Lo que miden y encuentran las puertas de producción. */
import { ofDrifts } from './spanish-drifts.ts'
import { type Form, reason, sentenceBy } from './spanish-form.ts'

const days = (count: string) => (count === '1' ? 'hace 1 día' : `hace ${count} días`)
const driftOf = (text: string) => sentenceBy(ofDrifts, text) ?? text

export const ofGates: readonly Form[] = [
  [
    /^no secret that is published, shared, short, expired or sent in clear$/,
    () => 'ningún secreto publicado, compartido, corto, caducado ni enviado sin cifrar',
  ],
  [/^(\d+) problems? with secrets$/, (count) => `problemas con secretos: ${count}`],
  [/^the token of (.+) is one that VX11 publishes$/, (name) => `el token de ${name} es uno que VX11 publica`],
  [/^the token of (.+) in VX11_TOKENS has expired$/, (name) => `el token de ${name} en VX11_TOKENS ha caducado`],
  [
    /^VX11_UPSTREAM_TOKEN, or the token that stands in for it, is one that VX11 publishes$/,
    () => 'VX11_UPSTREAM_TOKEN, o el token que hace sus veces, es uno que VX11 publica',
  ],
  [
    /^the token sent to upstreams is shorter than (\d+) characters$/,
    (count) => `el token que se envía a los destinos tiene menos de ${count} caracteres`,
  ],
  [
    /^VX11_TENTACULO_LINK_SHARED_SECRET is shorter than (\d+) characters$/,
    (count) => `VX11_TENTACULO_LINK_SHARED_SECRET tiene menos de ${count} caracteres`,
  ],
  [
    /^VX11_TENTACULO_LINK_SHARED_SECRET is also a token: who learns one knows both$/,
    () => 'VX11_TENTACULO_LINK_SHARED_SECRET es también un token: quien sabe uno sabe los dos',
  ],
  [
    /^(\w+) sends the gateway's token over plain http to a public host$/,
    (name) => `${name} envía el token del gateway por http sin cifrar a un host público`,
  ],
  [
    /^VX11_DATABASE_URL sends its token over plain http to a public host$/,
    () => 'VX11_DATABASE_URL envía su token por http sin cifrar a un host público',
  ],
  [/^VX11_REDIS_URL reaches a public host without TLS$/, () => 'VX11_REDIS_URL llega a un host público sin TLS'],
  [
    /^DEEPSEEK_BASE_URL is sent the key over plain http to a public host$/,
    () => 'a DEEPSEEK_BASE_URL se le envía la clave por http sin cifrar a un host público',
  ],
  [
    /^(\S+) stands at a public address without a guard of its own$/,
    (name) => `${name} está en una dirección pública sin protección propia`,
  ],
  [
    /^(\d+) configured upstreams, none of them a second door$/,
    (count) => `destinos configurados: ${count}; ninguno es una segunda puerta`,
  ],
  [
    /^(\d+) of (\d+) configured upstreams can be reached past the gateway$/,
    (count, all) => `a ${count} de ${all} destinos configurados se llega sin pasar por el gateway`,
  ],
  [/^VX11_ENV is not production$/, () => 'VX11_ENV no es production'],
  [
    /^VX11_V7_OPEN_PATHS leaves routes open that ask for no token$/,
    () => 'VX11_V7_OPEN_PATHS deja abiertas rutas que no piden token',
  ],
  [/^VX11_RATE_LIMIT_ENABLED is off$/, () => 'VX11_RATE_LIMIT_ENABLED está desactivado'],
  [/^VX11_RATE_LIMIT_SHADOW lets every request pass$/, () => 'VX11_RATE_LIMIT_SHADOW deja pasar todas las peticiones'],
  [
    /^VX11_MOCK_PROVIDERS answers chats with a mock$/,
    () => 'VX11_MOCK_PROVIDERS responde a los chats con una imitación',
  ],
  [
    /^VX11_SWITCH_CHAT_LANE is full: switch's full lane can run text in a shell$/,
    () => 'VX11_SWITCH_CHAT_LANE es full: el carril completo de switch puede ejecutar texto en un shell',
  ],
  [/^LOG_LEVEL is debug$/, () => 'LOG_LEVEL es debug'],
  [/^(\d+) flags as production wants them$/, (count) => `${count} opciones como las quiere producción`],
  [
    /^(\d+) of (\d+) flags are not as production wants them$/,
    (count, all) => `${count} de ${all} opciones no están como las quiere producción`,
  ],
  [/^this gateway has no chat route$/, () => 'este gateway no tiene chat'],
  [/^closed in observer mode$/, () => 'cerrado en modo observador'],
  [/^status (\d+) instead of an answer$/, (status) => `estado ${status} en lugar de una respuesta`],
  [/^answered by (.+)$/, (name) => `respondió ${name}`],
  [/^no model answered: the answer is degraded$/, () => 'no respondió ningún modelo: la respuesta es degradada'],
  [
    /^(\S+) answered (\d+)(?:, degraded: (true|false))?$/,
    (path, status, degraded) =>
      `${path} respondió ${status}${degraded ? `, degradado: ${degraded === 'true' ? 'sí' : 'no'}` : ''}`,
  ],
  [/^\/readyz answered (\d+) instead of 503$/, (status) => `/readyz respondió ${status} en lugar de 503`],
  [/^the chat gave no degraded answer$/, () => 'el chat no dio una respuesta degradada'],
  [
    /^(\d+) of (\d+) answers (right|wrong) without upstreams and database$/,
    (count, all, how) =>
      `${count} de ${all} respuestas ${how === 'right' ? 'correctas' : 'erróneas'} sin destinos ni base de datos`,
  ],
  [/^the database does not answer$/, () => 'la base de datos no responde'],
  [/^its integrity was never checked$/, () => 'su integridad no se ha comprobado nunca'],
  [/^integrity check: (.+)$/s, (found) => `comprobación de integridad: ${found}`],
  [/^(\d+) foreign key violations$/, (count) => `claves foráneas violadas: ${count}`],
  [
    /^integrity ok, (\w+) foreign key violations, checked (\S+)$/,
    (count, at) =>
      `íntegra, claves foráneas violadas: ${count === 'unknown' ? 'se desconoce' : count}; comprobada ${at}`,
  ],
  [/^not in order at (\S+)$/, (at) => `no estaba bien el ${at}`],
  [/^maintenance never ran$/, () => 'aún no ha habido mantenimiento'],
  [
    /^last run (\S+), (\d+) days ago(, not in order)?$/,
    (at, count, bad) => `último ${at}, ${days(count)}${bad ? ', con hallazgos' : ''}`,
  ],
  [
    /^(\d+) OK, (\d+) BROKEN, (\d+) off by policy, (\d+) unknown, at (\S+)$/,
    (ok, broken, asleep, unknown, at) =>
      `${ok} bien, ${broken} rotos, ${asleep} dormidos por política, ${unknown} desconocidos; ${at}`,
  ],
  [
    /^(\S+) departs from its history: (\w+)$/,
    (name, kind) => `${name} se aparta de su historia: ${kind === 'latency' ? 'latencia' : 'recaídas'}`,
  ],
  [/^nothing was audited yet$/, () => 'aún no se ha auditado nada'],
  [
    /^(\d+) drifts, (\d+) small ones, (\d+) unknown, audited (\S+)$/,
    (grave, small, unknown, at) => `${grave} derivas, ${small} menores, ${unknown} sin saber; auditado ${at}`,
  ],
  [
    /^(\S+) (.+): (.+); canon: (.+)$/,
    (name, subject, actual, canon) => `${name} ${driftOf(subject)}: ${driftOf(actual)}; debería: ${driftOf(canon)}`,
  ],
  [/^([\w-]+): (\w+)$/, (name, code) => `${name}: ${reason(code)}`],
]
