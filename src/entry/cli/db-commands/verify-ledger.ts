/** `npm run db -- verify-ledger`: recomputes the whole hash chain of the forensic ledger, or a range of it. */
import { parseArgs } from 'node:util'
import { fileDatabase } from '../../../adapters/libsql/file.ts'
import { remoteDatabase } from '../../../adapters/libsql/remote.ts'
import { systemClock } from '../../../adapters/system/clock.ts'
import { checkLedger } from '../../../modules/events/store/ledger.ts'
import type { DbCommand } from '../db.ts'

const pageRows = 2000
const clock = systemClock()

export const verifyLedger: DbCommand = async (args, { database: { url, authToken } }) => {
  const range = readRange(args)
  const database = url.startsWith('file:')
    ? await fileDatabase(url)
    : remoteDatabase({ url, authToken: authToken ?? undefined })
  const counts = { linked: 0, unlinked: 0 }
  try {
    for (let from: number | null = range.from; from !== null; ) {
      const report = await checkLedger(database.open(), { from, to: range.to, limit: pageRows }, clock)
      counts.linked += report.linked
      counts.unlinked += report.unlinked
      if (report.broken)
        return say(`broken at row ${report.broken.id}: ${report.broken.fault}; ${words(counts)} before it`, 1)
      from = report.next
    }
    return say(`intact: ${words(counts)}`, 0)
  } finally {
    await database.close()
  }
}

function readRange(args: string[]) {
  const { values } = parseArgs({ args, options: { from: { type: 'string' }, to: { type: 'string' } } })
  return { from: idOf(values.from, 1), to: idOf(values.to, Number.MAX_SAFE_INTEGER) }
}

function idOf(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new Error('--from and --to take the id of a row')
}

const words = ({ linked, unlinked }: { linked: number; unlinked: number }) =>
  `${linked} rows follow from one another, ${unlinked} at the beginning stand alone`

function say(line: string, status: number): number {
  process.stdout.write(`${line}\n`)
  return status
}
