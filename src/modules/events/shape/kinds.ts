/** How an event of any type is filed in `operator_events`, whose CHECKs know five types and three severities. */
import type { EventSeverity } from '../../../ports/index.ts'

export type OperatorEventType = 'status' | 'module' | 'window' | 'intent' | 'audit'

/** The first word that the type holds decides. */
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

/** The words in which modules and consoles speak of the three (contract events/severities). */
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

/** Undefined for a word that names none. */
export const severityOf = (word: string): EventSeverity | undefined => {
  const lower = word.toLowerCase()
  return Object.hasOwn(severities, lower) ? severities[lower] : undefined
}
