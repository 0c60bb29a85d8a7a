/** Makes a legacy VX11 database to try adoption, for tests and benchmarks. */
import { seedLegacyFile } from '../../../adapters/libsql/seed.ts'
import { type LegacyTableCount, legacyTableCounts } from '../../../db/legacy/history.ts'
import { printLine, printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'

export interface SeedFileOptions extends JsonOption {
  rows: number
  /** One of `legacyTableCounts`. */
  tables: string
  file: string
}

export async function seedFile({ rows, tables: wanted, file, json }: SeedFileOptions): Promise<undefined> {
  const tables = legacyTableCounts.find((count) => String(count) === wanted) as LegacyTableCount
  const startedAt = performance.now()
  await seedLegacyFile(
    file,
    { rows, tables },
    {
      freePages: true,
      onTableFilled: (table, filled) => {
        if (filled > 1000 && !json) printLine(`${table}: ${filled} rows`)
      },
    },
  )
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
  printResult({ file, tables, rows, seconds }, json, () => `${file}: ${tables} tables, ${rows} rows, ${seconds} s`)
}
