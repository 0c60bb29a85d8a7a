/** A worker thread with its own connection, so that no statement, lock or slow disk blocks the event loop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { FileConnection, rawFailure } from './connection.ts'
import { fileStamp, foreignLog, moveAside } from './foreign-log.ts'
import { assertSame, type FileIdentity, fileIdentity } from './identity.ts'
import { takeInstanceLock } from './instance-lock.ts'
import {
  type FileFinding,
  type FileThreadCommand,
  type FileThreadMessage,
  type Job,
  monotonicMs,
  type RawResult,
  type ThreadSetup,
} from './messages.ts'
import { SqliteFailure } from './sqlite-failure.ts'

const { path, role, checksFile } = workerData as ThreadSetup

/** Pauses between attempts to get another process's lock. */
const firstPauseMs = 5
const maxPauseMs = 100

interface Opened {
  connection: FileConnection
  identity: FileIdentity
}
let opened: Opened | undefined

/** Throws for a missing file instead of creating it. */
function open(): Opened {
  fileIdentity(path)
  if (checksFile) checkFile()
  const connection = new FileConnection(path, role)
  return { connection, identity: fileIdentity(path) }
}

const post = (message: FileThreadMessage) => parentPort?.postMessage(message)
const report = (finding: FileFinding) => post({ kind: 'finding', finding })

/** With another process on the file its log is in use, so it is not foreign. */
function checkFile(): void {
  if (!isAlone()) {
    report({ kind: 'shared' })
    return
  }
  const reason = foreignLog(path)
  if (reason) report({ kind: 'foreign_log', reason, aside: moveAside(path, fileStamp(new Date())) })
}

/** A read-only folder cannot contain the lock file; then no other process writes either. */
function isAlone(): boolean {
  try {
    return takeInstanceLock(path)
  } catch {
    return true
  }
}

async function run(job: Job): Promise<RawResult[]> {
  const lockedUntil = Math.min(job.deadlineAt, monotonicMs() + job.lockTimeoutMs)
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    if (monotonicMs() > job.deadlineAt)
      throw new SqliteFailure({ code: 'TIMEOUT', message: 'the timeout passed before the job began' })
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
  // Checked after the commit: a write to a replaced or removed file is not acknowledged.
  if (job.writes) assertSame(path, identity)
  return results
}

const isBusy = (error: unknown) => ['SQLITE_BUSY', 'SQLITE_LOCKED'].includes(rawFailure(error).code)

async function answer(job: Job): Promise<void> {
  const reply = await run(job).then(
    (results): FileThreadMessage => ({ kind: 'done', id: job.id, results }),
    (error): FileThreadMessage => ({ kind: 'failed', id: job.id, failure: rawFailure(error) }),
  )
  post(reply)
}

/** The last connection to close removes the log; the writer truncates it first, in case another process stays. */
function close(): void {
  try {
    if (opened && role === 'writer') {
      assertSame(path, opened.identity)
      opened.connection.run([{ sql: 'PRAGMA wal_checkpoint(TRUNCATE)', args: [] }], { isBatch: false, writes: false })
    }
  } catch {
    // The file is gone or in use: its log is left unchanged.
  } finally {
    opened?.connection.close()
    // Only the end of the thread frees the prepared statements, and with them the file.
    parentPort?.close()
  }
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (command: FileThreadCommand) => {
  last = last.then(() => (command.kind === 'run' ? answer(command.job) : close()))
})
post({ kind: 'ready' })
