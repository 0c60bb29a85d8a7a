/** Compares a database with its target shape: plans what to add, in order, and what to report only. */
import { addColumn } from './add-column.ts'
import { differencesOf } from './differences.ts'
import { type DatabaseShape, fold, type IndexShape, quoteName, sameName, type TableShape } from './shape.ts'

export interface AdoptionStep {
  kind: 'table' | 'column' | 'index'
  table: string
  /** `table`, `table.column`, or the index with its table and columns. */
  place: string
  sql: string
  /** Scans existing rows, so it gets its own transaction. */
  heavy: boolean
  /** SQL that counts the values that violate a unique index; absent when there can be none. */
  duplicates?: string
  /** Foreign keys reference this index; without it SQLite refuses new rows in those tables. */
  isParentKey?: true
}

export interface Difference {
  kind: 'unique' | 'relaxed' | 'declaration' | 'foreign_key' | 'check' | 'name'
  place: string
  words: string
}

export interface AdoptionPlan {
  steps: AdoptionStep[]
  differences: Difference[]
  /** Unknown columns of VX11's tables; they are left unchanged. */
  unknownColumns: string[]
}

/** Tables come first, then columns, then indexes; `target` is the shape after all migrations. */
export function planAdoption(actual: DatabaseShape, target: DatabaseShape): AdoptionPlan {
  const plan: AdoptionPlan = { steps: [], differences: [], unknownColumns: [] }
  for (const wanted of target.tables.values()) {
    const table = actual.tables.get(fold(wanted.name))
    if (table) planTable(plan, table, wanted)
    else planMissingTable(plan, actual, wanted)
  }
  for (const wanted of target.tables.values()) planIndexes(plan, actual, target, wanted)
  const order: AdoptionStep['kind'][] = ['table', 'column', 'index']
  plan.steps.sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
  return plan
}

function planMissingTable(plan: AdoptionPlan, actual: DatabaseShape, wanted: TableShape): void {
  const taken = actual.objects.get(fold(wanted.name))
  if (taken) {
    const words = `the name belongs to ${article(taken.type)}, so that the table cannot be made`
    plan.differences.push({ kind: 'name', place: wanted.name, words })
  } else {
    plan.steps.push({ kind: 'table', table: wanted.name, place: wanted.name, sql: wanted.ddl, heavy: false })
  }
}

function planTable(plan: AdoptionPlan, table: TableShape, wanted: TableShape): void {
  for (const column of wanted.columns) {
    if (columnOf(table, column.name)) continue
    const place = `${wanted.name}.${column.name}`
    const { sql, lost } = addColumn(table, wanted, column)
    plan.steps.push({ kind: 'column', table: wanted.name, place, sql, heavy: false })
    if (lost) plan.differences.push({ kind: 'relaxed', place, words: `comes without ${lost}` })
  }
  plan.differences.push(...differencesOf(table, wanted))
  const unknown = table.columns.filter(({ name }) => !columnOf(wanted, name))
  plan.unknownColumns.push(...unknown.map(({ name }) => `${wanted.name}.${name}`))
}

function planIndexes(plan: AdoptionPlan, actual: DatabaseShape, target: DatabaseShape, wanted: TableShape): void {
  const table = actual.tables.get(fold(wanted.name))
  if (!table && actual.objects.has(fold(wanted.name))) return
  for (const index of wanted.indexes) {
    const sql = target.objects.get(fold(index.name))?.ddl
    if (!sql || (table && isServed(table, index))) continue
    const place = placeOf(wanted.name, index)
    const taken = actual.objects.get(fold(index.name))
    // Of a partial index nothing but its DDL tells what it covers.
    if (!index.plain && taken?.ddl && sameDdl(taken.ddl, sql)) continue
    if (taken) {
      const words = `the name ${index.name} belongs to ${article(taken.type)} of another form`
      plan.differences.push({ kind: 'name', place, words })
    } else {
      const parentKey = isParentKey(target, wanted, index) && { isParentKey: true as const }
      plan.steps.push({ kind: 'index', table: wanted.name, place, sql, ...effort(table, index), ...parentKey })
    }
  }
}

/** A column that is added later contains only NULLs, which are not duplicates. */
function effort(table: TableShape | undefined, index: IndexShape): Pick<AdoptionStep, 'heavy' | 'duplicates'> {
  if (!table?.filled) return { heavy: false }
  if (!index.unique || !index.columns.every((column) => columnOf(table, column))) return { heavy: true }
  const columns = index.columns.map(quoteName)
  const present = columns.map((column) => `${column} IS NOT NULL`).join(' AND ')
  const repeated = `SELECT 1 FROM ${quoteName(table.name)} WHERE ${present} GROUP BY ${columns.join(', ')}`
  return { heavy: true, duplicates: `SELECT count(*) AS repeated FROM (${repeated} HAVING count(*) > 1)` }
}

const isParentKey = ({ tables }: DatabaseShape, { name }: TableShape, { columns, unique }: IndexShape) =>
  unique &&
  [...tables.values()].some(({ foreignKeys }) =>
    foreignKeys.some((key) => sameName(key.parent, name) && key.references.join() === columns.join()),
  )

/** Any index with the same columns counts; for unique indexes in any order. */
function isServed({ indexes, columns }: TableShape, wanted: IndexShape): boolean {
  const inOrder = (names: string[]) => names.map(fold).join()
  const asSet = (names: string[]) => names.map(fold).sort().join()
  const key = columns.filter(({ keyPlace }) => keyPlace > 0).map(({ name }) => name)
  if (key.length > 0 && asSet(key) === asSet(wanted.columns)) return true
  return indexes.some((index) => {
    if (!index.plain) return false
    if (wanted.unique) return index.unique && asSet(index.columns) === asSet(wanted.columns)
    return inOrder(index.columns) === inOrder(wanted.columns)
  })
}

const sameDdl = (one: string, other: string) => fold(one).replace(/\s+/g, ' ') === fold(other).replace(/\s+/g, ' ')

const columnOf = ({ columns }: TableShape, name: string) => columns.find((column) => sameName(column.name, name))

const placeOf = (table: string, { unique, columns }: IndexShape) =>
  `${unique ? 'unique ' : ''}${table}(${columns.join(', ')})`

const article = (type: string) => (type === 'index' ? 'an index' : `a ${type}`)
