/** The sentences of the local answer, in the two languages that VX11's operators write. */
import type { ModuleWord } from '../../power/module-states.ts'
import type { Language } from './language.ts'

export interface Phrases {
  noModel: string
  modules: Readonly<Record<ModuleWord, string>>
  notMeasured: string
  noWindow: string
  /** `seconds` is null for a window that is held open. */
  windowOpen(services: string, seconds: number | null): string
  uncertain: string
  lastEvents: string
  noEvents: string
  eventsUnknown: string
  next: string
  openForSwitch: string
  reopenForSwitch: string
  configureSwitch: string
  startModule(name: string): string
  readStatus: string
}

const openCall = 'POST /operator/api/window/open {"services": ["switch"]}'
const closeCall = 'POST /operator/api/window/close'

export const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    noModel: 'No model answered; this is the gateway itself with what it knows.',
    modules: {
      UP: 'Up',
      DOWN: 'Should run and do not answer',
      OFF_BY_POLICY: 'Off by policy',
      DORMANT: 'Not configured',
      ARCHIVED: 'Archived',
    },
    notMeasured: 'Not measured yet',
    noWindow: 'Mode solo_madre: no power window is open.',
    windowOpen: (services, seconds) =>
      `A power window holds ${services || 'no service'} open ${seconds === null ? 'until it is closed' : `for ${seconds} s more`}.`,
    uncertain: 'Madre does not answer now; this is its last known power state.',
    lastEvents: 'Last events',
    noEvents: 'No events are recorded.',
    eventsUnknown: 'The last events cannot be read from the database now.',
    next: 'What you can do next:',
    openForSwitch: `Open a power window for switch: ${openCall}`,
    reopenForSwitch: `Close the open window (${closeCall}), then open one for switch: ${openCall}`,
    configureSwitch: 'Set SWITCH_URL, or allow a model with VX11_CHAT_ALLOW_DEEPSEEK or VX11_LOCAL_LLM_URL',
    startModule: (name) => `Look after ${name}: it should run and does not answer`,
    readStatus: 'See why each provider did not answer: `warnings` here, and GET /operator/api/chat/providers',
  },
  es: {
    noModel: 'Ningún modelo respondió; contesta la propia pasarela con lo que sabe.',
    modules: {
      UP: 'Activos',
      DOWN: 'Deberían funcionar y no responden',
      OFF_BY_POLICY: 'Apagados por política',
      DORMANT: 'Sin configurar',
      ARCHIVED: 'Archivados',
    },
    notMeasured: 'Sin medir todavía',
    noWindow: 'Modo solo_madre: no hay ninguna ventana de energía abierta.',
    windowOpen: (services, seconds) =>
      `Una ventana de energía mantiene ${services ? `abierto ${services}` : 'ningún servicio'} ${seconds === null ? 'hasta que alguien la cierre' : `durante ${seconds} s más`}.`,
    uncertain: 'Madre no informa ahora de su estado; este es el último que dio.',
    lastEvents: 'Últimos eventos',
    noEvents: 'No hay eventos registrados.',
    eventsUnknown: 'La base de datos no informa ahora de los últimos eventos.',
    next: 'Qué puedes hacer ahora:',
    openForSwitch: `Abrir una ventana de energía para switch: ${openCall}`,
    reopenForSwitch: `Cerrar la ventana abierta (${closeCall}) y abrir una para switch: ${openCall}`,
    configureSwitch: 'Configurar SWITCH_URL, o permitir un modelo con VX11_CHAT_ALLOW_DEEPSEEK o VX11_LOCAL_LLM_URL',
    startModule: (name) => `Revisar ${name}: debería funcionar y no responde`,
    readStatus: 'Ver por qué no respondió cada proveedor: `warnings` aquí, y GET /operator/api/chat/providers',
  },
}
