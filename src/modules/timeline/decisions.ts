/** What the gateway decided on its own about recorded work: stored as a code with values, and put into words here. */
import { isObject } from '../../lib/json-object.ts'
import type { RecordedDecision } from '../../ports/index.ts'

const words: Readonly<Record<RecordedDecision['code'], (values: RecordedDecision['values']) => string>> = {
  not_sent: () => 'not sent',
  retried: ({ attempts, paused_ms }) => `tried ${attempts} times, ${paused_ms} ms between them`,
  circuit: ({ state }) => `circuit ${state}`,
  cached: () => 'answered from the cache',
  fell_back: ({ provider }) => `fell back to ${provider}`,
}

export const decisionCodes = ['not_sent', 'retried', 'circuit', 'cached', 'fell_back'] as const

/** Null where nothing was decided. */
export const decisionText = (decisions: readonly RecordedDecision[]): string | null =>
  decisions.map(({ code, values }) => words[code](values)).join(', ') || null

/** Decisions as cells of a stored row. */
export const decisionCells = (decisions: readonly RecordedDecision[]) =>
  decisions.map(({ code, values }) => [code, values])

/** What is not in the expected form is left out. */
export function storedDecisions(cells: unknown): RecordedDecision[] {
  if (!Array.isArray(cells)) return []
  return cells.flatMap((cell: unknown) => {
    const [name, values] = Array.isArray(cell) ? (cell as unknown[]) : []
    const code = decisionCodes.find((each) => each === name)
    return code && isObject(values) ? [{ code, values: plainValues(values) }] : []
  })
}

const isPlain = (entry: [string, unknown]): entry is [string, string | number] =>
  typeof entry[1] === 'string' || typeof entry[1] === 'number'

const plainValues = (values: object): RecordedDecision['values'] =>
  Object.fromEntries(Object.entries(values).filter(isPlain))
