/**
 * Schedules the worker threads of a database file: the first writes, and reads while it is idle; up to two readers
 * start when a read would have to wait, and end after an idle time. An idle thread costs 12 MiB.
 */
import { JobQueue } from './job-queue.ts'
import {
  type FileFinding,
  type Job,
  monotonicMs,
  type RawFailure,
  type RawResult,
  type Reply,
  type Statement,
} from './messages.ts'
import { endsConnection, isDamage, SqliteFailure } from './sqlite-failure.ts'
import { WorkerThread } from './worker-thread.ts'

export interface JobRequest {
  statements: readonly Statement[]
  isBatch: boolean
  writes: boolean
  timeoutMs?: number | undefined
  /** By default `timeoutMs`. */
  lockTimeoutMs?: number | undefined
}

export interface FileThreads {
  /** Rejects with SqliteFailure. */
  run(request: JobRequest): Promise<RawResult[]>
  /** Replaces the connections, which drops their page caches. */
  renew(): void
  close(): Promise<void>
}

export interface FileThreadsOptions {
  path: string
  /** Called when the file is opened. */
  onFinding?(finding: FileFinding): void
  /** Called once when the threads cannot use the file any more. All queued jobs are rejected. */
  onLost?(failure: SqliteFailure): void
  /** Timeout of a job, including its time in the queue; ten seconds by default. */
  timeoutMs?: number
  /** Called when a statement meets a damaged page; other statements continue. */
  onDamage?(failure: SqliteFailure): void
}

const maxReaders = 2
/** Jobs in flight per thread, so that a thread does not wait for the event loop between jobs. */
const maxSent = { writer: 4, reader: 16 }
const bounds = { writer: { jobs: 2000, bytes: 64 * 2 ** 20 }, reader: { jobs: 2000, bytes: 16 * 2 ** 20 } }
const idleReaderMs = 30_000
const sweepEveryMs = 250
const graceMs = 500

export function fileThreads(options: FileThreadsOptions): FileThreads {
  const { path, onFinding = () => {}, onLost, onDamage, timeoutMs: defaultTimeoutMs = 10_000 } = options
  const queues = { writer: new JobQueue(bounds.writer), reader: new JobQueue(bounds.reader) }
  const threads = new Set<WorkerThread>()
  const lastUsedAt = new Map<WorkerThread, number>()
  let lastId = 0
  let hadWriter = false
  let sweepTimer: NodeJS.Timeout | undefined
  let ended: SqliteFailure | undefined

  const ofRole = (role: WorkerThread['role']) => [...threads].filter((thread) => thread.role === role)

  function start(role: WorkerThread['role']): WorkerThread {
    const checksFile = role === 'writer' && !hadWriter
    hadWriter ||= checksFile
    const thread = new WorkerThread(
      { path, role, checksFile },
      { onReady: dispatch, onReply, onFinding, onEnded: onThreadEnded },
    )
    threads.add(thread)
    lastUsedAt.set(thread, monotonicMs())
    return thread
  }

  function onReply(reply: Reply): void {
    const outcome = reply.kind === 'done' ? { results: reply.results } : { failure: reply.failure }
    if ('failure' in outcome) handleFailure(outcome.failure)
    if (!queues.writer.settle(reply.id, outcome)) queues.reader.settle(reply.id, outcome)
    dispatch()
  }

  function handleFailure(failure: RawFailure): void {
    if (isDamage(failure)) onDamage?.(new SqliteFailure(failure))
    if (endsConnection(failure)) stop(new SqliteFailure(failure))
  }

  function stop(failure: SqliteFailure): void {
    if (ended) return
    ended = failure
    for (const queue of Object.values(queues)) queue.rejectAll(failure)
    void closeThreads()
    onLost?.(failure)
  }

  /** Rejects the thread's jobs in flight, which may have been executed or not. */
  function onThreadEnded(thread: WorkerThread, reason: string): void {
    threads.delete(thread)
    lastUsedAt.delete(thread)
    const failure = { code: 'THREAD_ENDED', message: `a thread of the database file ended: ${reason}` }
    for (const id of thread.inFlight) if (!queues.writer.settle(id, { failure })) queues.reader.settle(id, { failure })
    if (!ended) dispatch()
  }

  function dispatch(): void {
    if (ended) return
    sendJobs(queues.writer, writerFor(queues.writer.waiting > 0))
    while (queues.reader.waiting > 0) {
      const thread = readerFor()
      if (!thread) break
      sendJobs(queues.reader, thread, 1)
    }
    if (!sweepTimer && !(queues.writer.isEmpty && queues.reader.isEmpty && threads.size < 2)) scheduleSweep()
  }

  function writerFor(isNeeded: boolean): WorkerThread | undefined {
    const [writer] = ofRole('writer')
    return writer ?? (isNeeded ? start('writer') : undefined)
  }

  /** The thread for the next read. An idle writer reads until a reader has started. */
  function readerFor(): WorkerThread | undefined {
    const readers = ofRole('reader')
    const [leastBusy] = readers.filter(({ isReady }) => isReady).toSorted((a, b) => a.inFlight.size - b.inFlight.size)
    if (leastBusy?.inFlight.size === 0) return leastBusy
    const writer = leastBusy ? undefined : writerFor(true)
    if (writer?.inFlight.size === 0) return writer
    if (readers.length < maxReaders && readers.every(({ isReady }) => isReady)) start('reader')
    return leastBusy && leastBusy.inFlight.size < maxSent.reader ? leastBusy : undefined
  }

  function sendJobs(queue: JobQueue, thread: WorkerThread | undefined, max = maxSent.writer): void {
    if (!thread) return
    const free = Math.min(max, maxSent[thread.role] - thread.inFlight.size)
    for (let sent = 0; sent < free; sent++) {
      const job = queue.next()
      if (!job) return
      lastUsedAt.set(thread, monotonicMs())
      thread.send(job)
    }
  }

  function scheduleSweep(): void {
    sweepTimer = setTimeout(() => {
      sweepTimer = undefined
      const now = monotonicMs()
      for (const queue of Object.values(queues)) queue.expire(now, graceMs)
      for (const thread of ofRole('reader')) {
        if (thread.inFlight.size > 0 || now - (lastUsedAt.get(thread) ?? now) < idleReaderMs) continue
        threads.delete(thread)
        void thread.close()
      }
      dispatch()
    }, sweepEveryMs).unref()
  }

  /** Readers first: the last connection to close removes the log. */
  async function closeThreads(): Promise<void> {
    clearTimeout(sweepTimer)
    await Promise.all(ofRole('reader').map((thread) => thread.close()))
    await Promise.all(ofRole('writer').map((thread) => thread.close()))
  }

  return {
    run({ timeoutMs = defaultTimeoutMs, lockTimeoutMs = timeoutMs, ...request }) {
      if (ended) return Promise.reject(ended)
      const job: Job = { ...request, id: ++lastId, deadlineAt: monotonicMs() + timeoutMs, lockTimeoutMs }
      const { statements, writes } = request
      return new Promise((resolve, reject) => {
        queues[writes ? 'writer' : 'reader'].add({ job, bytes: bytesOf(statements), resolve, reject })
        dispatch()
      })
    },
    renew() {
      for (const thread of threads) void thread.close()
      threads.clear()
    },
    async close() {
      ended ??= new SqliteFailure({ code: 'CLIENT_CLOSED', message: 'the database is closed' })
      await closeThreads()
      for (const queue of Object.values(queues)) queue.rejectAll(ended)
    },
  }
}

/** Approximate size of statements and arguments. */
const bytesOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { sql, args }) => sum + sql.length + Object.values(args).reduce<number>(addBytes, 0), 0)

const addBytes = (sum: number, value: unknown): number =>
  sum + (typeof value === 'string' ? value.length : value instanceof ArrayBuffer ? value.byteLength : 8)
