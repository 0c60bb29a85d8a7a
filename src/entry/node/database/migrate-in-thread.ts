/** Migrates a database file in a worker thread (database-worker.ts) and returns the result. */
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { MigrateOptions } from '../../../adapters/libsql/migration/migrate.ts'
import type { AdoptionReport } from '../../../db/adoption/report.ts'
import { DatabaseFailure } from '../../../db/failure.ts'
import type { WorkerMessage } from './database-worker.ts'

/** Beside the bundle, or beside this source file. */
const program = join(import.meta.dirname, `database-worker${extname(import.meta.filename)}`)

/**
 * As `migrateDatabase`, without a token. It cannot be aborted: a thread that ends within libSQL's native code takes the
 * process with it.
 */
export function migrateInThread(
  url: string,
  { onAdopting }: Pick<MigrateOptions, 'onAdopting'>,
): Promise<AdoptionReport | null> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { workerData: url })
    thread.on('message', (message: WorkerMessage) => {
      if (message.kind === 'adopting') onAdopting?.()
      else if (message.kind === 'done') resolve(message.report)
      else reject(new DatabaseFailure(message.fault, message.message))
    })
    thread.once('error', (error) => reject(new DatabaseFailure('unavailable', error.message, { cause: error })))
    thread.once('exit', () => reject(new DatabaseFailure('unavailable', 'the thread that migrates ended early')))
  })
}
