/** Why a part of VX11 is not up, and what to do, by its state and codes: the gateway's own sentences are English. */
import type { Service } from '../core/shapes.ts'
import { t, word } from '../texts/index.ts'
import { plain } from './hostile-text.ts'

type Part = Pick<Service, 'status' | 'reason' | 'hint' | 'activation'> & { name: string }

const stores = ['database', 'redis']
const variable = (name: string) =>
  name === 'shubniggurath' ? 'SHUB_URL' : `${name.toUpperCase().replace(/-.*/, '')}_URL`

export function reasonText(reason: string): string {
  const [, status] = /^status_(\d{3})$/.exec(reason) ?? []
  return status ? t().drift.answered(status) : word(t().reasons, plain(reason, 120))
}

export function whyNot({ status, reason }: Part): string | null {
  if (status === 'OFF_BY_POLICY') return t().reasons.off_by_policy
  if (reason === null) return null
  const { reasons, problems } = t()
  return Object.hasOwn(reasons, reason) ? word(reasons, reason) : word(problems, reason)
}

export function whatToDo({ name, status, hint, activation }: Part): string | null {
  const texts = t().advice
  if (status === 'UP' || hint === null) return null
  if (stores.includes(name)) return status === 'DORMANT' ? texts.store(`VX11_${name.toUpperCase()}_URL`) : texts.readyz
  if (status === 'OFF_BY_POLICY') return texts.openWindow(name)
  return start(name, activation)
}

/** Of a module that is not configured: the gateway's hint quotes the command that starts it. */
export const adviceOn = (name: string, hint: string): string => start(name, /`([^`]+)`/.exec(hint)?.[1] ?? null)

const start = (name: string, command: string | null): string =>
  command ? t().advice.start(command, variable(name)) : t().advice.configure(variable(name))
