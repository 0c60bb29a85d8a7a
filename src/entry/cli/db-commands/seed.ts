/** `npm run db -- seed`: makes a legacy VX11 database to try adoption, for tests and benchmarks. */
import { parseArgs } from 'node:util'
import { type LegacySeed, seedLegacyFile } from '../../../adapters/libsql/seed.ts'
import { type LegacyTableCount, legacyTableCounts } from '../../../db/legacy/history.ts'
import type { DbCommand } from '../db.ts'

const maxRows = 50_000_000

export const seed: DbCommand = async (args) => {
  const { file, ...legacy } = readOptions(args)
  const startedAt = performance.now()
  await seedLegacyFile(file, legacy, {
    freePages: true,
    onTableFilled: (table, rows) => {
      if (rows > 1000) process.stdout.write(`${table}: ${rows} rows\n`)
    },
  })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(`${file}: ${legacy.tables} tables, ${legacy.rows} rows, ${seconds} s\n`)
  return 0
}

function readOptions(args: string[]): LegacySeed & { file: string } {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1150000' },
      tables: { type: 'string', default: '86' },
      file: { type: 'string', default: 'legacy.db' },
    },
  })
  const rows = Number(values.rows)
  const tables = Number(values.tables)
  if (!Number.isInteger(rows) || rows < 1 || rows > maxRows) throw new Error(`--rows is a number from 1 to ${maxRows}`)
  if (!isCount(tables)) throw new Error(`--tables is one of ${legacyTableCounts.join(', ')}`)
  return { file: values.file, rows, tables }
}

const isCount = (number: number): number is LegacyTableCount => legacyTableCounts.some((count) => count === number)
