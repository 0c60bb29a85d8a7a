/** What the status page and its badge say, in each of their languages. */
import type { Overall, PublicState } from './service.ts'

export const languages = ['en', 'es'] as const
export type PageLanguage = (typeof languages)[number]

interface StatusTexts {
  title: string
  /** Of a whole: `down` services do not answer. */
  overall: Record<Overall, (down: number) => string>
  badge: Record<Overall, (down: number) => string>
  states: Record<PublicState, string>
  services: string
  days: (days: number) => string
  noValue: string
  measuredOn: (days: number, of: number) => string
  day: { ok: string; asleep: string; none: string; share: (percent: string) => string }
  failures: string
  legend: { ok: string; some: string; bad: string; asleep: string; none: string }
  today: string
  ago: (days: number) => string
  asOf: string
  meaning: string
  otherLanguage: { code: PageLanguage; name: string }
  locale: string
}

const en: StatusTexts = {
  title: 'VX11 status',
  overall: {
    operational: () => 'Everything that should run runs',
    down: (down) => (down === 1 ? 'One service does not answer' : `${down} services do not answer`),
    unknown: () => 'The state is not known at present',
  },
  badge: {
    operational: () => 'operational',
    down: (down) => `${down} down`,
    unknown: () => 'unknown',
  },
  states: { up: 'Up', down: 'Down', asleep: 'Asleep', unknown: 'Unknown' },
  services: 'Services',
  days: (days) => `Last ${days} days`,
  noValue: 'no data',
  measuredOn: (days, of) => `measured on ${days} of ${of} days`,
  day: { ok: 'available', asleep: 'asleep, as planned', none: 'no data', share: (percent) => `${percent} available` },
  failures: 'Days with failures',
  legend: { ok: 'available', some: 'at least 90 %', bad: 'less', asleep: 'asleep', none: 'no data' },
  today: 'today',
  ago: (days) => `${days} days ago`,
  asOf: 'As of',
  meaning:
    'Each service is looked at once a minute. Availability is the share of looks that found it up, among those that expected an answer; a service that sleeps as planned counts as neither. Days are days of UTC.',
  otherLanguage: { code: 'es', name: 'Español' },
  locale: 'en-GB',
}

const es: StatusTexts = {
  title: 'Estado de VX11',
  overall: {
    operational: () => 'Funciona todo lo que debe funcionar',
    down: (down) => (down === 1 ? 'Un servicio no responde' : `${down} servicios no responden`),
    unknown: () => 'Ahora mismo no se conoce el estado',
  },
  badge: {
    operational: () => 'operativo',
    down: (down) => (down === 1 ? '1 caído' : `${down} caídos`),
    unknown: () => 'desconocido',
  },
  states: { up: 'Activo', down: 'Caído', asleep: 'Dormido', unknown: 'Desconocido' },
  services: 'Servicios',
  days: (days) => `Últimos ${days} días`,
  noValue: 'sin datos',
  measuredOn: (days, of) => `medido en ${days} de ${of} días`,
  day: {
    ok: 'disponible',
    asleep: 'dormido, como estaba previsto',
    none: 'sin datos',
    share: (percent) => `${percent} disponible`,
  },
  failures: 'Días con fallos',
  legend: { ok: 'disponible', some: 'al menos 90 %', bad: 'menos', asleep: 'dormido', none: 'sin datos' },
  today: 'hoy',
  ago: (days) => `hace ${days} días`,
  asOf: 'A fecha de',
  meaning:
    'Cada servicio se comprueba una vez por minuto. La disponibilidad es la parte de las comprobaciones que lo encontró activo, entre las que esperaban respuesta; un servicio que duerme como está previsto no cuenta. Los días son de UTC.',
  otherLanguage: { code: 'en', name: 'English' },
  locale: 'es-ES',
}

export const statusTexts: Readonly<Record<PageLanguage, StatusTexts>> = { en, es }
