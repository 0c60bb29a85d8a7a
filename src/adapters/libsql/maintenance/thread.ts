/** The worker thread of a maintenance run, with its own connection, so that no statement blocks the event loop. */
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import type { Config } from '../../../config/config.ts'
import type { MaintenanceReport, Progress } from '../../../db/maintenance/report.ts'
import type { MaintenanceRequest } from '../../../db/maintenance/request.ts'
import { MaintenanceRefused, runMaintenance, type WhyNot } from '../../../modules/maintenance/run.ts'
import { systemClock } from '../../system/clock.ts'
import { databaseFailure } from '../failure.ts'
import { openFileClient } from '../file-client.ts'
import { fileWork } from './file-work.ts'

export interface ThreadTask {
  id: string
  url: string
  path: string
  config: Pick<Config, 'dataDir' | 'backup' | 'retention'>
  request: MaintenanceRequest
}

export type ThreadMessage =
  | { kind: 'started' }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'finished'; report: MaintenanceReport }
  | { kind: 'refused'; why: WhyNot }
  | { kind: 'failed'; reason: string }

/** The file lock decides which process runs; the row only shows the run to others, even during a long step. */
const leaseMs = 900_000

async function work({ id, url, path, config, request }: ThreadTask): Promise<void> {
  const client = await openFileClient(url)
  // Shorter locks: commits without sync and checkpoint. A power cut can only undo deletions.
  await client.execute('PRAGMA synchronous = NORMAL')
  await client.execute('PRAGMA wal_autocheckpoint = 0')
  const deps = {
    db: drizzle({ client }),
    clock: systemClock(),
    retention: config.retention,
    work: fileWork(path, config),
  }
  const report = await runMaintenance(deps, request, {
    id,
    leaseMs,
    alone: true,
    started: () => notify({ kind: 'started' }),
    progress: (progress) => notify({ kind: 'progress', progress }),
  })
  client.close()
  notify({ kind: 'finished', report })
}

const notify = (message: ThreadMessage) => parentPort?.postMessage(message)

const task = workerData as ThreadTask

// On Linux this applies to the calling thread only, elsewhere to the whole process. Not the lowest priority: on a busy
// machine the thread would hardly run, and others would wait for its write lock.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

work(task).catch((error) =>
  error instanceof MaintenanceRefused
    ? notify({ kind: 'refused', why: error.why })
    : notify({ kind: 'failed', reason: databaseFailure(error, task).message }),
)
