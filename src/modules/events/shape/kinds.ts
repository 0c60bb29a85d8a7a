/** Maps any event type and severity word to the five types and three severities that `operator_events` allows. */
import type { EventSeverity } from '../../../ports/index.ts'

export type OperatorEventType = 'status' | 'module' | 'window' | 'intent' | 'audit'

/** The first matching pattern decides. */
const words: readonly (readonly [RegExp, OperatorEventType])[] = [
  [/window|power/, 'window'],
  [/audit|forensic/, 'audit'],
  [/intent|spawn|decision|chat/, 'intent'],
  [/module|service|breaker|shub|switch/, 'module'],
]

export const operatorType = (type: string): OperatorEventType => {
  const lower = type.toLowerCase()
  return words.find(([pattern]) => pattern.test(lower))?.[1] ?? 'status'
}

/** Every severity word that modules and consoles use (contract events/severities). */
const severities: Readonly<Record<string, EventSeverity>> = {
  info: 'info',
  l1: 'info',
  warn: 'warn',
  warning: 'warn',
  l2: 'warn',
  crit: 'crit',
  critical: 'crit',
  error: 'crit',
  l3: 'crit',
}

/** Undefined for an unknown word. */
export const severityOf = (word: string): EventSeverity | undefined => {
  const lower = word.toLowerCase()
  return Object.hasOwn(severities, lower) ? severities[lower] : undefined
}
