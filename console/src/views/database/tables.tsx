/** All tables by owner with their columns, and their rows as last counted. */

import { schema, type TableShape } from 'virtual:vx11-schema'
import { useState } from 'preact/hooks'
import { t } from '../../texts/index.ts'
import { TextField } from '../../ui/fields.tsx'
import { bytes, number } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'

interface TablesProps {
  counts: Readonly<Record<string, number>> | null
  /** With their indexes; null where the store cannot measure it. */
  sizes: Readonly<Record<string, number>> | null
  countedAt: string | null
}

export function Tables({ counts, sizes, countedAt }: TablesProps) {
  const texts = t().database
  const [wanted, setWanted] = useState('')
  const owners = Object.entries(schema)
    .map(
      ([owner, tables]) =>
        [
          owner,
          tables.filter(({ name, columns }) =>
            `${owner} ${name} ${columns.map((column) => column.name).join(' ')}`.includes(wanted.toLowerCase()),
          ),
        ] as const,
    )
    .filter(([, tables]) => tables.length > 0)
  return (
    <>
      <div class="table-search">
        <TextField
          label={texts.findTable}
          hideLabel
          placeholder={texts.findTable}
          value={wanted}
          onInput={setWanted}
          type="search"
        />
        <span class="muted small">
          {counts ? (
            <>
              {texts.countedAt} <Time at={countedAt} ago />
            </>
          ) : (
            texts.notCounted
          )}
        </span>
      </div>
      {owners.map(([owner, tables]) => (
        <section key={owner} class="owner" aria-label={owner}>
          <h3>
            {owner} <span class="muted">· {tables.length}</span>
          </h3>
          <ul class="table-list">
            {tables.map((table) => (
              <li key={table.name}>
                <OneTable table={table} rows={counts?.[table.name] ?? null} size={sizes?.[table.name] ?? null} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function OneTable({ table, rows, size }: { table: TableShape; rows: number | null; size: number | null }) {
  return (
    <details>
      <summary>
        <span class="mono">{table.name}</span>
        <span class="muted small">
          {rows === null ? '–' : t().database.rowCount(number(rows))}
          {size === null ? '' : ` · ${bytes(size)}`} · {t().database.columnCount(table.columns.length)}
        </span>
      </summary>
      <ul class="column-list">
        {table.columns.map((column) => (
          <li key={column.name}>
            <span class="mono">{column.name}</span>{' '}
            <span class="muted small">
              {column.type}
              {column.key ? ` · ${t().database.primary}` : ''}
              {column.required ? ` · ${t().database.required}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
