/** Lists differences from VX11's newest declaration that adding cannot fix; they are only reported. */
import { isAutoincrement, readChecks, sameDefault } from './constraints.ts'
import type { Difference } from './plan.ts'
import { type ColumnShape, type ForeignKeyShape, fold, sameName, type TableShape } from './shape.ts'

export function differencesOf(actual: TableShape, wanted: TableShape): Difference[] {
  const columns = wanted.columns.flatMap((column) => {
    const found = actual.columns.find(({ name }) => sameName(name, column.name))
    return found ? columnDifferences(wanted, found, column) : []
  })
  return [...columns, ...keyDifferences(actual, wanted), ...checkDifferences(actual, wanted)]
}

function columnDifferences(table: TableShape, actual: ColumnShape, wanted: ColumnShape): Difference[] {
  const words: string[] = []
  const type = (column: ColumnShape) => column.type.replace(/\s+/g, '').toUpperCase()
  if (type(actual) !== type(wanted)) words.push(`is ${actual.type || 'of no type'}, not ${wanted.type}`)
  if (actual.keyPlace !== wanted.keyPlace) words.push(`is ${keyWords(actual)}, not ${keyWords(wanted)}`)
  // NOT NULL on key columns depends on the tool that wrote the DDL.
  else if (wanted.keyPlace === 0 && actual.notNull !== wanted.notNull)
    words.push(actual.notNull ? 'is NOT NULL' : 'may be NULL')
  if (!sameDefault(actual.default, wanted.default)) words.push(`${defaultWords(actual)}, not ${defaultWords(wanted)}`)
  return words.map((text) => ({ kind: 'declaration', place: `${table.name}.${wanted.name}`, words: text }))
}

const keyWords = ({ keyPlace }: ColumnShape) =>
  keyPlace === 0 ? 'outside of the key' : `at place ${keyPlace} of the key`

const defaultWords = (column: ColumnShape) =>
  column.default === null ? 'has no default' : `has the default ${column.default}`

function keyDifferences(actual: TableShape, wanted: TableShape): Difference[] {
  const isThere = (key: ForeignKeyShape) => actual.foreignKeys.some((other) => describeKey(other) === describeKey(key))
  // A missing column is added together with its reference.
  const isKnown = ({ columns }: ForeignKeyShape) =>
    columns.every((column) => actual.columns.some(({ name }) => sameName(name, column)))
  return wanted.foreignKeys
    .filter((key) => isKnown(key) && !isThere(key))
    .map((key) => ({
      kind: 'foreign_key',
      place: `${wanted.name}.${key.columns.join(', ')}`,
      words: `does not reference ${key.parent}(${key.references.join(', ')})`,
    }))
}

const describeKey = ({ columns, parent, references }: ForeignKeyShape) =>
  fold(`${columns.join()} ${parent} ${references.join()}`)

function checkDifferences(actual: TableShape, wanted: TableShape): Difference[] {
  const there = readChecks(actual.ddl)
  const expected = readChecks(wanted.ddl)
  const difference = (words: string): Difference => ({ kind: 'check', place: wanted.name, words })
  const missing = expected.filter((check) => !there.includes(check)).map((check) => difference(`lacks CHECK(${check})`))
  const further = there
    .filter((check) => !expected.includes(check))
    .map((check) => difference(`also has CHECK(${check})`))
  const counts = isAutoincrement(actual.ddl) === isAutoincrement(wanted.ddl)
  const counting = isAutoincrement(wanted.ddl) ? 'may give an id twice: AUTOINCREMENT is missing' : 'has AUTOINCREMENT'
  return [...missing, ...further, ...(counts ? [] : [{ ...difference(counting), kind: 'declaration' as const }])]
}
