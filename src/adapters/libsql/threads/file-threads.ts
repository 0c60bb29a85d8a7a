/**
 * The threads of one database file: the first writes, and reads as long as it is idle; others only read, start when a
 * read would have to wait, and end when they have had nothing to do for a while. A thread at rest costs 12 MiB.
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

export interface Asked {
  statements: readonly Statement[]
  isBatch: boolean
  writes: boolean
  timeoutMs?: number | undefined
  /** As long, unless said. */
  lockTimeoutMs?: number | undefined
}

export interface FileThreads {
  /** Rejects with SqliteFailure. */
  run(asked: Asked): Promise<RawResult[]>
  /** Begins with new connections, which remember no page of the file. */
  renew(): void
  close(): Promise<void>
}

export interface FileThreadsOptions {
  path: string
  /** Told when the file is opened. */
  found?(finding: FileFinding): void
  /** The file cannot be used through these threads any more; called once. All that waits is rejected. */
  lost?(failure: SqliteFailure): void
  /** How long a job may take, with the wait for its turn; ten seconds unless said. */
  timeoutMs?: number
  /** A statement met a damaged page; others may go on. */
  damaged?(failure: SqliteFailure): void
}

const maxReaders = 2
/** Sent ahead, so that a thread does not wait for a turn of the event loop between two of them. */
const maxSent = { writer: 4, reader: 16 }
const bounds = { writer: { jobs: 2000, bytes: 64 * 2 ** 20 }, reader: { jobs: 2000, bytes: 16 * 2 ** 20 } }
const idleReaderMs = 30_000
const lookEveryMs = 250
const graceMs = 500

export function fileThreads(options: FileThreadsOptions): FileThreads {
  const { path, found = () => {}, lost, damaged, timeoutMs: defaultTimeoutMs = 10_000 } = options
  const queues = { writer: new JobQueue(bounds.writer), reader: new JobQueue(bounds.reader) }
  const threads = new Set<WorkerThread>()
  const usedAt = new Map<WorkerThread, number>()
  let lastId = 0
  let hadWriter = false
  let looking: NodeJS.Timeout | undefined
  let ended: SqliteFailure | undefined

  const ofRole = (role: WorkerThread['role']) => [...threads].filter((thread) => thread.role === role)

  function start(role: WorkerThread['role']): WorkerThread {
    const looksAround = role === 'writer' && !hadWriter
    hadWriter ||= looksAround
    const thread = new WorkerThread({ path, role, looksAround }, { ready: dispatch, reply, found, ended: gone })
    threads.add(thread)
    usedAt.set(thread, monotonicMs())
    return thread
  }

  function reply(reply: Reply): void {
    const outcome = reply.kind === 'done' ? { results: reply.results } : { failure: reply.failure }
    if ('failure' in outcome) judge(outcome.failure)
    if (!queues.writer.settle(reply.id, outcome)) queues.reader.settle(reply.id, outcome)
    dispatch()
  }

  function judge(failure: RawFailure): void {
    if (isDamage(failure)) damaged?.(new SqliteFailure(failure))
    if (endsConnection(failure)) stop(new SqliteFailure(failure))
  }

  function stop(failure: SqliteFailure): void {
    if (ended) return
    ended = failure
    for (const queue of Object.values(queues)) queue.rejectAll(failure)
    void closeThreads()
    lost?.(failure)
  }

  /** Without being asked to: what it had under way may have been done, or not. */
  function gone(thread: WorkerThread, reason: string): void {
    threads.delete(thread)
    usedAt.delete(thread)
    const failure = { code: 'THREAD_ENDED', message: `a thread of the database file ended: ${reason}` }
    for (const id of thread.underWay) if (!queues.writer.settle(id, { failure })) queues.reader.settle(id, { failure })
    if (!ended) dispatch()
  }

  function dispatch(): void {
    if (ended) return
    feed(queues.writer, writerFor(queues.writer.waiting > 0))
    while (queues.reader.waiting > 0) {
      const thread = readerFor()
      if (!thread) break
      feed(queues.reader, thread, 1)
    }
    if (!looking && !(queues.writer.isEmpty && queues.reader.isEmpty && threads.size < 2)) lookLater()
  }

  function writerFor(isWanted: boolean): WorkerThread | undefined {
    const [writer] = ofRole('writer')
    return writer ?? (isWanted ? start('writer') : undefined)
  }

  /** Who could read now. A reader is given work when it has started; until then the writer reads in its idle moments. */
  function readerFor(): WorkerThread | undefined {
    const readers = ofRole('reader')
    const [idlest] = readers.filter(({ isReady }) => isReady).toSorted((a, b) => a.underWay.size - b.underWay.size)
    if (idlest?.underWay.size === 0) return idlest
    const writer = idlest ? undefined : writerFor(true)
    if (writer?.underWay.size === 0) return writer
    if (readers.length < maxReaders && readers.every(({ isReady }) => isReady)) start('reader')
    return idlest && idlest.underWay.size < maxSent.reader ? idlest : undefined
  }

  function feed(queue: JobQueue, thread: WorkerThread | undefined, max = maxSent.writer): void {
    if (!thread) return
    const room = Math.min(max, maxSent[thread.role] - thread.underWay.size)
    for (let sent = 0; sent < room; sent++) {
      const job = queue.next()
      if (!job) return
      usedAt.set(thread, monotonicMs())
      thread.send(job)
    }
  }

  function lookLater(): void {
    looking = setTimeout(() => {
      looking = undefined
      const now = monotonicMs()
      for (const queue of Object.values(queues)) queue.expire(now, graceMs)
      for (const thread of ofRole('reader')) {
        if (thread.underWay.size > 0 || now - (usedAt.get(thread) ?? now) < idleReaderMs) continue
        threads.delete(thread)
        void thread.close()
      }
      dispatch()
    }, lookEveryMs).unref()
  }

  /** Readers first: the last connection to the file takes its log away. */
  async function closeThreads(): Promise<void> {
    clearTimeout(looking)
    await Promise.all(ofRole('reader').map((thread) => thread.close()))
    await Promise.all(ofRole('writer').map((thread) => thread.close()))
  }

  return {
    run({ timeoutMs = defaultTimeoutMs, lockTimeoutMs = timeoutMs, ...asked }) {
      if (ended) return Promise.reject(ended)
      const job: Job = { ...asked, id: ++lastId, dueAt: monotonicMs() + timeoutMs, lockTimeoutMs }
      const { statements, writes } = asked
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

/** What the arguments hold, about; statements themselves are known in number. */
const bytesOf = (statements: readonly Statement[]): number =>
  statements.reduce((sum, { sql, args }) => sum + sql.length + Object.values(args).reduce<number>(addBytes, 0), 0)

const addBytes = (sum: number, value: unknown): number =>
  sum + (typeof value === 'string' ? value.length : value instanceof ArrayBuffer ? value.byteLength : 8)
