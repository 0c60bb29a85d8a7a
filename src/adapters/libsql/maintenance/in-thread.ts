/** Runs maintenance of a database file in a worker thread, one at a time over all processes that use the file. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Config } from '../../../config/config.ts'
import type { MaintenanceReport } from '../../../db/maintenance/report.ts'
import { MaintenanceRefused, type RunOptions } from '../../../modules/maintenance/run.ts'
import type { Execute } from '../../../modules/maintenance/service.ts'
import { filePath } from '../file-path.ts'
import type { FileLock } from './file-lock.ts'
import type { ThreadMessage, ThreadTask } from './thread.ts'

/** In the bundle in dist/, or beside this source file. */
const threadFile = ['maintenance-thread.js', 'thread.ts']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

/** Its memory counts as the gateway's: a step needs statements and a page of rows only. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

export function inThread(
  config: Pick<Config, 'database' | 'dataDir' | 'backup' | 'retention'>,
  program = threadFile,
): Execute {
  const { url } = config.database
  const path = resolve(filePath(url))
  let lock: FileLock | undefined
  return async (request, options) => {
    // Loads SQLite into the main thread only for maintenance; its lock never waits.
    lock ??= (await import('./file-lock.ts')).fileLock(path)
    const unlock = await lock.take()
    if (!unlock) throw new MaintenanceRefused('running')
    try {
      const { dataDir, backup, retention } = config
      const task = { id: options.id, url, path, config: { dataDir, backup, retention }, request }
      return await runThread(program, task, options)
    } finally {
      await unlock()
    }
  }
}

function runThread(
  program: string | undefined,
  task: ThreadTask,
  options: Pick<RunOptions, 'started' | 'progress'>,
): Promise<MaintenanceReport> {
  if (!program) throw new Error('the file of the maintenance thread is missing beside the program')
  const worker = new Worker(program, { workerData: task, resourceLimits })
  return new Promise((resolve, reject) => {
    let outcome = () => reject(new Error('the maintenance thread ended early'))
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'started') return options.started()
      if (message.kind === 'progress') return options.progress(message.progress)
      outcome = () => (message.kind === 'finished' ? resolve(message.report) : reject(errorOf(message)))
      void worker.terminate()
    })
    worker.once('error', reject)
    // The connection is closed on exit, before the lock is released.
    worker.once('exit', () => outcome())
  })
}

const errorOf = (message: Extract<ThreadMessage, { kind: 'refused' | 'failed' }>) =>
  message.kind === 'refused' ? new MaintenanceRefused(message.why) : new Error(message.reason)
