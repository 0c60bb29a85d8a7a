/** Recomputes the whole hash chain of the forensic ledger, or a range of it. */
import { fileDatabase } from '../../../adapters/libsql/file.ts'
import { remoteDatabase } from '../../../adapters/libsql/remote.ts'
import { systemClock } from '../../../adapters/system/clock.ts'
import type { Database } from '../../../db/database.ts'
import { checkLedger } from '../../../modules/events/store/ledger.ts'
import { printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'

export interface VerifyOptions extends JsonOption {
  from: number
  to: number
}

type LedgerPage = Awaited<ReturnType<typeof checkLedger>>

interface Verdict extends Pick<LedgerPage, 'linked' | 'unlinked'> {
  intact: boolean
  broken: LedgerPage['broken']
}

const pageRows = 2000

export async function verifyLedger({ json, ...range }: VerifyOptions): Promise<number> {
  const { url, authToken } = commandConfig().database
  const database = url.startsWith('file:')
    ? await fileDatabase(url)
    : remoteDatabase({ url, authToken: authToken ?? undefined })
  try {
    const verdict = await checkRange(database, range)
    printResult(verdict, json, () => describeVerdict(verdict))
    return verdict.intact ? 0 : 1
  } finally {
    await database.close()
  }
}

/** Page after page, up to the first broken row. */
async function checkRange(database: Database, range: { from: number; to: number }): Promise<Verdict> {
  const verdict: Verdict = { intact: true, linked: 0, unlinked: 0, broken: null }
  for (let from: number | null = range.from; from !== null && verdict.intact; ) {
    const page: LedgerPage = await checkLedger(database.open(), { from, to: range.to, limit: pageRows }, systemClock())
    verdict.linked += page.linked
    verdict.unlinked += page.unlinked
    verdict.broken = page.broken
    verdict.intact = !page.broken
    from = page.next
  }
  return verdict
}

function describeVerdict({ broken, linked, unlinked }: Verdict): string {
  const counts = `${linked} rows follow from one another, ${unlinked} at the beginning stand alone`
  return broken ? `broken at row ${broken.id}: ${broken.fault}; ${counts} before it` : `intact: ${counts}`
}
