/** Tables that scroll inside their panel and read as lists on a phone. */
import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  name: string
  cell: (row: Row) => ComponentChildren
  /** Right-aligned figures. */
  figures?: boolean
  /** Left out on small screens. */
  wide?: boolean
}

interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row, index: number) => string | number
  /** Where the first cell leads. */
  href?: (row: Row) => string | null
}

export function Table<Row>({ label, columns, rows, rowKey, href }: TableProps<Row>) {
  const classes = (column: Column<Row>) => `${column.figures ? 'figures' : ''} ${column.wide ? 'wide' : ''}`
  return (
    <div class="table-frame" tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" class={classes(column)}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map((column, position) => (
                <td key={column.name} class={classes(column)}>
                  {position === 0 && href?.(row) ? <a href={href(row) ?? ''}>{column.cell(row)}</a> : column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
