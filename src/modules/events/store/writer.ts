/** Stores events: whoever asks while a commit is under way shares the next one. */
import { DrizzleQueryError } from 'drizzle-orm'
import type { Database } from '../../../db/database.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { AppendOnce, Clock, CommitNotice, Log, NewEvent, Random, StoredEvent } from '../../../ports/index.ts'
import { type CommitResult, commitEvents, readHead, type ToRemember } from './commit.ts'
import type { Remembered } from './idempotency.ts'
import { type Head, placeEvents, rowsOf } from './rows.ts'

export interface WriterOptions {
  clock: Clock
  random: Random
  log: Log
  database: Database
  /** Hears what was stored, right after its commit and before who asked for it does. */
  stored(news: CommitNotice): void
  /** Lets requests that came together be one commit; at most 2 ms. */
  gather(): Promise<void>
}

export interface EventWriter {
  append: AppendEvents
  /** Takes what another instance stored for the newest, which saves an attempt; only the database is believed. */
  hear(news: CommitNotice): void
}

export type AppendEvents = (events: readonly NewEvent[], once?: AppendOnce) => Promise<Appended>

/** Where the events stand; `events` is absent when an earlier request under the same key had stored them. */
export interface Appended {
  first: number
  count: number
  events?: StoredEvent[]
}

interface Waiting {
  events: readonly NewEvent[]
  once: AppendOnce | undefined
  resolve(appended: Appended): void
  reject(error: GatewayError): void
}

const maxWaiting = 20_000
const maxPerCommit = 1000
const maxAttempts = 200
/** Attempts in a row that may be lost before others' rhythm is left. */
const patientAttempts = 10
/** How long another instance counts as writing, too, after it has overtaken this one. */
const rivalMs = 1000
/** What the winner leaves to whoever lost: enough for an attempt that is under way already. */
const turnMs = 2
const retryAfterMs = 1000

export function eventWriter(options: WriterOptions): EventWriter {
  const { clock, random, log, database, stored, gather } = options
  const queue: Waiting[] = []
  let waiting = 0
  let running = false
  let head: Head | undefined
  let rivalUntil = 0

  async function drain(): Promise<void> {
    running = true
    while (queue.length > 0) {
      await gather()
      const group = takeGroup(queue)
      await settle(group).catch((error: unknown) => fail(group, error))
      waiting -= group.reduce((sum, { events }) => sum + events.length, 0)
      // Without the pause the winner, who knows the newest head first, would win again and again.
      if (clock.now() < rivalUntil) await clock.sleep(turnMs)
    }
    running = false
  }

  function fail(group: readonly Waiting[], error: unknown): void {
    // What the store knows may have moved on, or not: only it can tell.
    head = undefined
    const cause = error instanceof DrizzleQueryError ? error.cause : error
    log.error('events_not_stored', {
      count: group.length,
      reason: cause instanceof Error ? cause.message : 'unknown',
    })
    for (const { reject } of group) reject(new GatewayError('events_unavailable', { retryAfterMs }, { cause }))
  }

  /** Every member of the group has its answer when this resolves. */
  async function settle(group: readonly Waiting[]): Promise<void> {
    let open = withoutTwins(group)
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > maxAttempts) throw new Error('other instances were always faster')
      if (attempt > patientAttempts) await clock.sleep(random.fraction() * 5)
      const { result, events } = await tryCommit(open)
      head = result.head
      if (result.committed) {
        const { eventId, ledgerId, hash } = result.head
        stored({ newest: eventId, events, ledger: { id: ledgerId, hash } })
        answer(open, events)
        return
      }
      if (result.taken.length === 0) rivalUntil = clock.now() + rivalMs
      else open = open.filter((member) => !answerTaken(member, result.taken))
    }
  }

  async function tryCommit(group: readonly Waiting[]): Promise<{ result: CommitResult; events: StoredEvent[] }> {
    const db = database.open()
    const expected = head ?? (await readHead(db))
    const at = clock.now()
    const events = placeEvents(
      group.flatMap(({ events }) => events),
      expected,
      at,
    )
    const { rows, head: next } = rowsOf(events, expected, random.uuid())
    const keys = keysOf(group, expected.eventId + 1)
    return { result: await commitEvents(db, { expected, rows, next, keys, at }), events }
  }

  const append: AppendEvents = (events, once) => {
    if (events.length === 0) return Promise.resolve({ first: 0, count: 0, events: [] })
    if (waiting + events.length > maxWaiting) {
      return Promise.reject(new GatewayError('events_unavailable', { retryAfterMs }))
    }
    waiting += events.length
    return new Promise((resolve, reject) => {
      queue.push({ events, once, resolve, reject })
      if (!running) void drain()
    })
  }

  function hear({ newest, ledger }: CommitNotice): void {
    if (!ledger || newest <= (head?.eventId ?? 0)) return
    head = { eventId: newest, ledgerId: ledger.id, hash: ledger.hash }
    rivalUntil = clock.now() + rivalMs
  }

  return { append, hear }
}

/** The first always comes along, however large. */
function takeGroup(queue: Waiting[]): Waiting[] {
  let events = 0
  const end = queue.findIndex((member, index) => {
    events += member.events.length
    return index > 0 && events > maxPerCommit
  })
  return queue.splice(0, end < 0 ? queue.length : end)
}

/** Of requests under one key the first is stored, and the others get its answer. */
function withoutTwins(group: readonly Waiting[]): Waiting[] {
  const byKey = new Map<string, Waiting>()
  const single: Waiting[] = []
  for (const member of group) {
    const elder = member.once && byKey.get(member.once.key)
    if (elder) shareAnswer(elder, member)
    else {
      single.push(member)
      if (member.once) byKey.set(member.once.key, member)
    }
  }
  return single
}

function shareAnswer(elder: Waiting, twin: Waiting): void {
  if (elder.once?.request !== twin.once?.request) {
    twin.reject(new GatewayError('idempotency_key_reused'))
    return
  }
  const { resolve, reject } = elder
  elder.resolve = (appended) => {
    resolve(appended)
    twin.resolve(appended)
  }
  elder.reject = (error) => {
    reject(error)
    twin.reject(error)
  }
}

function keysOf(group: readonly Waiting[], firstId: number): ToRemember[] {
  const keys: ToRemember[] = []
  let first = firstId
  for (const { once, events } of group) {
    if (once) keys.push({ ...once, first, count: events.length })
    first += events.length
  }
  return keys
}

function answer(group: readonly Waiting[], stored: readonly StoredEvent[]): void {
  let from = 0
  for (const { events, resolve } of group) {
    const own = stored.slice(from, from + events.length)
    resolve({ first: own[0]?.id ?? 0, count: own.length, events: own })
    from += events.length
  }
}

/** True when the member's key was taken, and the member has its answer. */
function answerTaken({ once, resolve, reject }: Waiting, taken: readonly Remembered[]): boolean {
  const remembered = once && taken.find(({ key }) => key === once.key)
  if (!remembered) return false
  if (remembered.request === once.request) resolve({ first: remembered.first, count: remembered.count })
  else reject(new GatewayError('idempotency_key_reused'))
  return true
}
