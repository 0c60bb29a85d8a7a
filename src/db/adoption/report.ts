/** Describes an adoption plan: one line for the log, a list for the terminal. */
import type { AdoptionPlan, AdoptionStep, Difference } from './plan.ts'

export interface AdoptionReport extends AdoptionPlan {
  /** Tables that are not VX11's; they are not read. */
  unknownTables: string[]
}

const maxNamed = 5

/** True for a difference that blocks writes or allows duplicates; these are listed first. */
export const hinders = ({ kind }: Difference) => kind === 'unique' || kind === 'relaxed' || kind === 'name'

export function summarise({ steps, differences }: AdoptionReport): string {
  const grave = differences.filter(hinders)
  const named = grave.slice(0, maxNamed).map(({ place, words }) => `${place} ${words}`)
  if (grave.length > maxNamed) named.push(`${grave.length - maxNamed} more`)
  const rest = differences.length - grave.length
  if (rest > 0) named.push(`${count(rest, 'declaration')} of another form`)
  const left = named.length === 0 ? '' : `; left: ${named.join('; ')}`
  return `added ${counts(steps)}${left}`
}

/** The lines of `npm run db -- adopt`; indexes of new tables are not listed separately. */
export function listPlan({ steps, differences, unknownTables, unknownColumns }: AdoptionReport): string[] {
  const made = new Set(steps.filter(({ kind }) => kind === 'table').map(({ table }) => table))
  const additions = steps.filter(({ kind, table }) => kind !== 'index' || !made.has(table))
  return [
    ...section(
      'To be added',
      additions.map(({ kind, place }) => `${kind.padEnd(6)} ${place}`),
    ),
    ...section(
      'Cannot be added or changed, and stays as it is',
      differences.map(({ place, words }) => `${place} ${words}`),
    ),
    ...section('Unknown to the gateway, and left alone', [
      ...unknownTables.map((table) => `table  ${table}`),
      ...unknownColumns.map((column) => `column ${column}`),
    ]),
  ]
}

const section = (title: string, lines: string[]) =>
  lines.length === 0 ? [] : [`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`), '']

function counts(steps: readonly AdoptionStep[]): string {
  const of = (kind: AdoptionStep['kind']) => steps.filter((step) => step.kind === kind).length
  return `${count(of('table'), 'table')}, ${count(of('column'), 'column')}, ${of('index')} ${of('index') === 1 ? 'index' : 'indexes'}`
}

const count = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`
