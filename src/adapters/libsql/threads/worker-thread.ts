/** The main thread's side of a worker thread: sends jobs and tracks those in flight. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileFinding, FileThreadCommand, FileThreadMessage, Job, Reply, ThreadSetup } from './messages.ts'

/** In the bundle in dist/, or beside this source file. */
const threadFile = ['file-thread.js', 'thread.ts']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

/** A thread needs memory for statements and a page of rows only. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 }
const closeTimeoutMs = 3000

export interface ThreadEvents {
  /** The thread has started. */
  onReady(): void
  onReply(reply: Reply): void
  onFinding(finding: FileFinding): void
  /** The thread ended for any reason; jobs in flight get no reply. */
  onEnded(thread: WorkerThread, reason: string): void
}

export class WorkerThread {
  /** Sent and not answered. */
  readonly inFlight = new Set<number>()
  readonly role: ThreadSetup['role']
  isReady = false
  readonly #worker: Worker
  readonly #exited: Promise<void>

  constructor(setup: ThreadSetup, events: ThreadEvents) {
    if (!threadFile) throw new Error('the file of the database’s threads is missing beside the program')
    this.role = setup.role
    this.#worker = new Worker(threadFile, { workerData: setup, resourceLimits, env: {}, execArgv: [] })
    this.#worker.on('message', (message: FileThreadMessage) => {
      if (message.kind === 'finding') return events.onFinding(message.finding)
      if (message.kind === 'ready') {
        this.isReady = true
        return events.onReady()
      }
      this.#forget(message.id)
      events.onReply(message)
    })
    let reason = 'it ended'
    this.#worker.on('error', (error) => {
      reason = error.message
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        events.onEnded(this, reason)
        resolve()
      })
    })
    // Only jobs in flight keep the process alive.
    this.#worker.unref()
  }

  send(job: Job): void {
    if (this.inFlight.size === 0) this.#worker.ref()
    this.inFlight.add(job.id)
    this.#post({ kind: 'run', job })
  }

  /** Closes after the jobs in flight. */
  async close(): Promise<void> {
    this.#worker.ref()
    this.#post({ kind: 'close' })
    const late = setTimeout(() => void this.#worker.terminate(), closeTimeoutMs)
    await this.#exited
    clearTimeout(late)
  }

  #forget(id: number): void {
    this.inFlight.delete(id)
    if (this.inFlight.size === 0) this.#worker.unref()
  }

  #post(command: FileThreadCommand): void {
    this.#worker.postMessage(command)
  }
}
