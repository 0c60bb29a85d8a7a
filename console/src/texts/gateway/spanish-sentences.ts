/** Las frases del gateway en español. */
import { ofDrifts } from './spanish-drifts.ts'
import { ofEvents } from './spanish-events.ts'
import { type Form, sentenceBy } from './spanish-form.ts'
import { ofGates } from './spanish-gates.ts'

const ofRefusals: readonly Form[] = [
  [
    /^POST (\S+), then (.+): one window is open at a time\.$/,
    (close, open) => `POST ${close} y luego ${open}: solo hay una ventana a la vez.`,
  ],
  [/^(POST \S+ \{.*\})$/, (request) => request],
  [
    /^(\S+) is dormant: (?:start it with (`.+`) and )?set (\w+) to where it runs\.$/,
    (name, command, variable) =>
      `${name} está sin configurar: ${command ? `arráncalo con ${command} y ` : ''}pon en ${variable} dónde corre.`,
  ],
  [
    /^Set VX11_OPERATOR_CONTROL_ENABLED=true and reload the configuration, or restart the gateway\.$/,
    () => 'Pon VX11_OPERATOR_CONTROL_ENABLED=true y recarga la configuración, o reinicia el gateway.',
  ],
  [/^(\S+) required but its window is not open$/, (name) => `hace falta ${name}, y su ventana no está abierta`],
  [
    /^madre does not report which window is open, and none for (\S+) was known$/,
    (name) => `madre no dice qué ventana está abierta, y no constaba ninguna para ${name}`,
  ],
]

const all = [...ofDrifts, ...ofEvents, ...ofGates, ...ofRefusals]

export const sentenceOf = (text: string): string | null => sentenceBy(all, text)
