/** Converts a thread's result to libSQL's ResultSet: rows with cells by name and by index. */
import type { ResultSet, Row, Value } from '@libsql/client'
import type { RawResult } from './messages.ts'

/** Indexes and length are on the prototype, so that only names are own properties. */
class CellRow {
  readonly #cells: readonly Value[]

  constructor(columns: readonly string[], cells: readonly Value[]) {
    this.#cells = cells
    const named = this as unknown as Record<string, Value>
    for (const [index, name] of columns.entries()) {
      const value = cells[index] ?? null
      if (!(name in this)) named[name] = value
      else if (!Object.hasOwn(this, name)) defineNamed(this, name, value)
    }
  }

  get length(): number {
    return this.#cells.length
  }

  static cellOf(row: CellRow, index: number): Value | undefined {
    return row.#cells[index]
  }
}

/** For a column with the name of a built-in property. */
function defineNamed(row: CellRow, name: string, value: Value): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
}

let width = 0

function widenTo(columns: number): void {
  for (; width < columns; width++) {
    const index = width
    Object.defineProperty(CellRow.prototype, index, {
      get(this: CellRow) {
        return CellRow.cellOf(this, index)
      },
    })
  }
}

export function resultSet({ columns, columnTypes, rows, rowsAffected, lastInsertRowid }: RawResult): ResultSet {
  widenTo(columns.length)
  const made = rows.map((cells) => new CellRow(columns, cells) as unknown as Row)
  const toJSON = () => ({
    columns,
    columnTypes,
    rows,
    rowsAffected,
    lastInsertRowid: lastInsertRowid?.toString() ?? null,
  })
  return { columns, columnTypes, rows: made, rowsAffected, lastInsertRowid, toJSON }
}
