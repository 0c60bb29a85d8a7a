/** A worker thread that migrates or adopts a database file, because SQLite would block the server's thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { migrateDatabase } from '../../../adapters/libsql/migration/migrate.ts'
import type { AdoptionReport } from '../../../db/adoption/report.ts'
import { DatabaseFailure, type DatabaseFault } from '../../../db/failure.ts'

export type WorkerMessage =
  | { kind: 'adopting' }
  | { kind: 'done'; report: AdoptionReport | null }
  | { kind: 'failed'; fault: DatabaseFault; message: string }

const notify = (message: WorkerMessage) => parentPort?.postMessage(message)

try {
  const report = await migrateDatabase({ url: String(workerData) }, { onAdopting: () => notify({ kind: 'adopting' }) })
  notify({ kind: 'done', report })
} catch (error) {
  const { fault, message } = error instanceof DatabaseFailure ? error : unexpected(error)
  notify({ kind: 'failed', fault, message })
}

function unexpected(error: unknown): { fault: DatabaseFault; message: string } {
  return { fault: 'unavailable', message: error instanceof Error ? error.message : String(error) }
}
