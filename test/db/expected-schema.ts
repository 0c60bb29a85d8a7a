/** VX11's 88 tables as test/fixtures/vx11-schema.json declares them, in the shape that SQLite reports tables. */
import fixture from '../fixtures/vx11-schema.json' with { type: 'json' }

/** One table of the fixture. */
export interface FixtureTable {
  name: string
  columns: readonly FixtureColumn[]
  autoincrement?: boolean
  indexes?: readonly { name: string; columns: readonly string[]; unique: boolean }[]
  foreignKeys?: readonly { column: string; references: string; onDelete: string }[]
  checks?: readonly string[]
}

export interface FixtureColumn {
  name: string
  type: string
  notNull?: boolean
  /** The place in the primary key, from 1. */
  pk?: number
  unique?: boolean
  /** SQL text. With `defaultSource` set it is not in the DDL: Python sets it. */
  default?: string
  defaultSource?: string
}

/** What is compared for each table. */
export interface TableShape {
  /** `name type`, then what is declared of NOT NULL, DEFAULT and the place in the primary key, in table order. */
  columns: string[]
  autoincrement: boolean
  /** `name (columns)`, sorted; `UNIQUE` before a unique one. */
  indexes: string[]
  /** `column -> table.column ON DELETE action`, sorted. */
  foreignKeys: string[]
  /** The expressions, in their order. */
  checks: string[]
}

export const fixtureTables: readonly FixtureTable[] = fixture.tables

export function expectedSchema(): Record<string, TableShape> {
  return Object.fromEntries(fixtureTables.map((table) => [table.name, expectedTable(table)]))
}

function expectedTable(table: FixtureTable): TableShape {
  return {
    columns: table.columns.map((column) =>
      describeColumn({
        ...column,
        notNull: column.notNull ?? false,
        default: column.defaultSource ? null : (column.default ?? null),
        pk: column.pk ?? 0,
      }),
    ),
    autoincrement: table.autoincrement ?? false,
    indexes: expectedIndexes(table),
    foreignKeys: (table.foreignKeys ?? [])
      .map((key) => `${key.column} -> ${key.references} ON DELETE ${key.onDelete}`)
      .sort(),
    checks: [...(table.checks ?? [])],
  }
}

/** What the gateway adds to VX11's schema, so that timelines are read by index. */
const ownIndexes: Record<string, FixtureTable['indexes']> = {
  operator_events: [{ name: 'idx_operator_events_correlation_id', columns: ['correlation_id'], unique: false }],
  routing_events: [
    { name: 'idx_routing_events_notable_score', columns: ['route_type', 'id', 'score'], unique: false },
    { name: 'idx_routing_events_trace_id', columns: ['trace_id'], unique: false },
  ],
}

/** A unique column stands as a unique index, drizzle's form of the constraint, unless a declared index says the same. */
function expectedIndexes({ name, columns, indexes = [] }: FixtureTable): string[] {
  const declared = [...indexes, ...(ownIndexes[name] ?? [])].map((index) => describeIndex(index))
  const isDeclared = (column: string) =>
    indexes.some((index) => index.unique && index.columns.length === 1 && index.columns[0] === column)
  const uniques = columns
    .filter((column) => column.unique && !isDeclared(column.name))
    .map((column) => describeIndex({ name: `${name}_${column.name}_unique`, columns: [column.name], unique: true }))
  return [...declared, ...uniques].sort()
}

export function describeColumn(column: {
  name: string
  type: string
  notNull: boolean
  default: string | null
  pk: number
}): string {
  const notNull = column.notNull ? ' NOT NULL' : ''
  const value = column.default === null ? '' : ` DEFAULT ${column.default}`
  const key = column.pk === 0 ? '' : ` KEY ${column.pk}`
  return `${column.name} ${column.type}${notNull}${value}${key}`
}

export function describeIndex(index: { name: string; columns: readonly string[]; unique: boolean }): string {
  return `${index.unique ? 'UNIQUE ' : ''}${index.name} (${index.columns.join(', ')})`
}
