/** A thread of the database file: a connection of its own, so that no statement, lock or slow disk stops the event loop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { collect } from '../../v8/collect.ts'
import { FileConnection, rawFailure } from './connection.ts'
import { foreignLog, setAside, stampOf } from './foreign-log.ts'
import { assertSame, type FileIdentity, fileIdentity } from './identity.ts'
import { holdInstance } from './instance-lock.ts'
import {
  type FileFinding,
  type Job,
  monotonicMs,
  type Order,
  type RawResult,
  type Said,
  type ThreadSetup,
} from './messages.ts'
import { SqliteFailure } from './sqlite-failure.ts'

const { path, role, looksAround } = workerData as ThreadSetup

/** Between two tries for a lock that another process holds. */
const firstPauseMs = 5
const maxPauseMs = 100

interface Opened {
  connection: FileConnection
  identity: FileIdentity
}
let opened: Opened | undefined

/** Never makes a file: one that is gone is missing, and not to be begun anew. */
function open(): Opened {
  fileIdentity(path)
  if (looksAround) lookAround()
  const connection = new FileConnection(path, role)
  return { connection, identity: fileIdentity(path) }
}

/** A thread's start leaves 5 MiB of garbage, which would stay. */
const settledMs = 1000
setTimeout(() => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }), settledMs).unref()

const tell = (said: Said) => parentPort?.postMessage(said)
const report = (finding: FileFinding) => tell({ kind: 'found', finding })

/** Whoever else has the file open works with its log, which is then the file's own. */
function lookAround(): void {
  if (!isAlone()) {
    report({ kind: 'shared' })
    return
  }
  const reason = foreignLog(path)
  if (reason) report({ kind: 'foreign_log', reason, aside: setAside(path, stampOf(new Date())) })
}

/** A folder that takes no file is not used by two. */
function isAlone(): boolean {
  try {
    return holdInstance(path)
  } catch {
    return true
  }
}

async function run(job: Job): Promise<RawResult[]> {
  const lockedUntil = Math.min(job.dueAt, monotonicMs() + job.lockTimeoutMs)
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    if (monotonicMs() > job.dueAt) throw new SqliteFailure({ code: 'TIMEOUT', message: 'its turn came too late' })
    try {
      return runOnce(job)
    } catch (error) {
      if (!isBusy(error) || monotonicMs() + pauseMs > lockedUntil) throw error
    }
    await sleep(pauseMs)
  }
}

function runOnce(job: Job): RawResult[] {
  opened ??= open()
  const { connection, identity } = opened
  const results = connection.run(job.statements, job)
  // After the commit: what went into a file that has lost its name is not acknowledged.
  if (job.writes) assertSame(path, identity)
  return results
}

const isBusy = (error: unknown) => ['SQLITE_BUSY', 'SQLITE_LOCKED'].includes(rawFailure(error).code)

async function answer(job: Job): Promise<void> {
  const reply = await run(job).then(
    (results): Said => ({ kind: 'done', id: job.id, results }),
    (error): Said => ({ kind: 'failed', id: job.id, failure: rawFailure(error) }),
  )
  tell(reply)
}

/** The last connection that closes takes the log away; the writer empties it first, should another process hold on. */
function close(): void {
  try {
    if (opened && role === 'writer') {
      assertSame(path, opened.identity)
      opened.connection.run([{ sql: 'PRAGMA wal_checkpoint(TRUNCATE)', args: [] }], { isBatch: false, writes: false })
    }
  } catch {
    // The file is gone or in use: its log stays what it is.
  } finally {
    opened?.connection.close()
    // The end of the thread is what frees the prepared statements, and with them the file.
    parentPort?.close()
  }
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (order: Order) => {
  last = last.then(() => (order.kind === 'run' ? answer(order.job) : close()))
})
tell({ kind: 'ready' })
