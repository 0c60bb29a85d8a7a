/** The gateway's end of one thread: sends it jobs, and knows which are under way. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileFinding, Job, Order, Reply, Said, ThreadSetup } from './messages.ts'

/** In the bundle in dist/, or beside this source file. */
const threadFile = ['file-thread.js', 'thread.ts']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

/** A thread holds statements, a page of rows and little else. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 }
const closeTimeoutMs = 3000

export interface ThreadEvents {
  /** It has started. */
  ready(): void
  reply(reply: Reply): void
  found(finding: FileFinding): void
  /** It ended, asked to or not; what was under way gets no reply. */
  ended(thread: WorkerThread, reason: string): void
}

export class WorkerThread {
  /** Sent and not answered. */
  readonly underWay = new Set<number>()
  readonly role: ThreadSetup['role']
  isReady = false
  readonly #worker: Worker
  readonly #exited: Promise<void>

  constructor(setup: ThreadSetup, events: ThreadEvents) {
    if (!threadFile) throw new Error('the file of the database’s threads is missing beside the program')
    this.role = setup.role
    this.#worker = new Worker(threadFile, { workerData: setup, resourceLimits, env: {}, execArgv: [] })
    this.#worker.on('message', (said: Said) => {
      if (said.kind === 'found') return events.found(said.finding)
      if (said.kind === 'ready') {
        this.isReady = true
        return events.ready()
      }
      this.#forget(said.id)
      events.reply(said)
    })
    let reason = 'it ended'
    this.#worker.on('error', (error) => {
      reason = error.message
    })
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        events.ended(this, reason)
        resolve()
      })
    })
    // Only work keeps the process alive.
    this.#worker.unref()
  }

  send(job: Job): void {
    if (this.underWay.size === 0) this.#worker.ref()
    this.underWay.add(job.id)
    this.#tell({ kind: 'run', job })
  }

  /** After what is under way. */
  async close(): Promise<void> {
    this.#worker.ref()
    this.#tell({ kind: 'close' })
    const late = setTimeout(() => void this.#worker.terminate(), closeTimeoutMs)
    await this.#exited
    clearTimeout(late)
  }

  #forget(id: number): void {
    this.underWay.delete(id)
    if (this.underWay.size === 0) this.#worker.unref()
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order)
  }
}
