/** Stores events. Requests that arrive during a commit share the next one. */
import { DrizzleQueryError } from 'drizzle-orm'
import type { Database } from '../../../db/database.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type {
  AppendOnce,
  Clock,
  CommitNotice,
  Log,
  NewEvent,
  Random,
  StateChange,
  StoredEvent,
} from '../../../ports/index.ts'
import { type CommitResult, commitEvents, type KeyResult, readHead } from './commit.ts'
import { CommitQueue, type WaitingEvents } from './commit-queue.ts'
import type { StoredKey } from './idempotency.ts'
import { type Head, placeEvents, rowsOf } from './rows.ts'

export interface WriterOptions {
  clock: Clock
  random: Random
  log: Log
  database: Database
  /** Called right after each commit, before the requests are answered. */
  stored(notice: CommitNotice): void
  /** Waits up to 2 ms for requests that arrive together. */
  gather(): Promise<void>
}

export interface EventWriter {
  append: AppendEvents
  /** Events that were accepted and are not stored yet. */
  waiting(): number
  /** Uses another instance's commit as the expected head. A hint; the commit still verifies it. */
  observe(notice: CommitNotice): void
}

export type AppendEvents = (events: readonly NewEvent[], once?: AppendOnce, change?: StateChange) => Promise<Appended>

/** The range of stored ids. `events` is absent when an earlier request under the same key stored them. */
export interface Appended {
  first: number
  count: number
  events?: StoredEvent[]
  /** Nothing was stored, because the change would replace something else than was read. */
  stale?: true
}

const maxAttempts = 200
/** Attempts without a pause; later ones wait a random time. */
const immediateAttempts = 10
/** How long another instance counts as writing after it committed first. */
const contendedMs = 1000
/** Pause after a commit while instances contend: enough for another's attempt that is under way. */
const turnMs = 2
const retryAfterMs = 1000

export function eventWriter(options: WriterOptions): EventWriter {
  const { clock, random, log, database, stored, gather } = options
  const queue = new CommitQueue(clock)
  let running = false
  let head: Head | undefined
  let contendedUntil = 0

  async function drain(): Promise<void> {
    running = true
    while (!queue.isEmpty) {
      await gather()
      const group = queue.take()
      for (const part of partsOf(group)) await settle(part).catch((error: unknown) => fail(part, error))
      queue.done()
      // Without the pause the winner, which knows the newest head first, would keep winning.
      if (clock.monotonic() < contendedUntil) await clock.sleep(turnMs)
    }
    running = false
  }

  function fail(group: readonly WaitingEvents[], error: unknown): void {
    // Whether the commit happened is unknown, so the head is read again.
    head = undefined
    const cause = error instanceof DrizzleQueryError ? error.cause : error
    log.error('events_not_stored', {
      count: group.length,
      reason: cause instanceof Error ? cause.message : 'unknown',
    })
    for (const { reject } of group) reject(new GatewayError('events_unavailable', { retryAfterMs }, { cause }))
  }

  /** Resolves when every member of the group is answered. */
  async function settle(group: readonly WaitingEvents[]): Promise<void> {
    let open = withoutDuplicates(group)
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > maxAttempts) throw new Error(`lost ${maxAttempts} attempts to other instances`)
      if (attempt > immediateAttempts) await clock.sleep(random.fraction() * 5)
      const { result, events } = await tryCommit(open)
      head = result.head
      if (result.committed) {
        const { eventId, ledgerId, hash } = result.head
        const keys = open[0]?.change?.keys
        stored({ newest: eventId, events, ledger: { id: ledgerId, hash }, ...(keys && { keys }) })
        answer(open, events)
        return
      }
      if (result.taken.length === 0 && result.stale) return refuseStale(open)
      if (result.taken.length === 0) contendedUntil = clock.monotonic() + contendedMs
      else open = open.filter((member) => !answerTaken(member, result.taken))
    }
  }

  async function tryCommit(group: readonly WaitingEvents[]): Promise<{ result: CommitResult; events: StoredEvent[] }> {
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
    const { change } = group[0] ?? {}
    return { result: await commitEvents(db, { expected, rows, next, keys, change, at }), events }
  }

  const append: AppendEvents = (events, once, change) => {
    if (events.length === 0) return Promise.resolve({ first: 0, count: 0, events: [] })
    return new Promise((resolve, reject) => {
      queue.add({ events, once, change, resolve, reject })
      if (!running) void drain()
    })
  }

  function observe({ newest, ledger }: CommitNotice): void {
    if (!ledger || newest <= (head?.eventId ?? 0)) return
    head = { eventId: newest, ledgerId: ledger.id, hash: ledger.hash }
    contendedUntil = clock.monotonic() + contendedMs
  }

  return { append, observe, waiting: () => queue.events }
}

/** What is committed together: all requests without a change, then each with one. */
function partsOf(group: readonly WaitingEvents[]): WaitingEvents[][] {
  const plain = group.filter(({ change }) => change === undefined)
  const changes = group.filter(({ change }) => change !== undefined).map((member) => [member])
  return plain.length > 0 ? [plain, ...changes] : changes
}

function refuseStale(group: readonly WaitingEvents[]): void {
  for (const { resolve } of group) resolve({ first: 0, count: 0, events: [], stale: true })
}

/** Of requests with one key the first is stored; the others share its answer. */
function withoutDuplicates(group: readonly WaitingEvents[]): WaitingEvents[] {
  const byKey = new Map<string, WaitingEvents>()
  const single: WaitingEvents[] = []
  for (const member of group) {
    const first = member.once && byKey.get(member.once.key)
    if (first) shareAnswer(first, member)
    else {
      single.push(member)
      if (member.once) byKey.set(member.once.key, member)
    }
  }
  return single
}

function shareAnswer(first: WaitingEvents, duplicate: WaitingEvents): void {
  if (first.once?.request !== duplicate.once?.request) {
    duplicate.reject(new GatewayError('idempotency_key_reused'))
    return
  }
  const { resolve, reject } = first
  first.resolve = (appended) => {
    resolve(appended)
    duplicate.resolve(appended)
  }
  first.reject = (error) => {
    reject(error)
    duplicate.reject(error)
  }
}

function keysOf(group: readonly WaitingEvents[], firstId: number): KeyResult[] {
  const keys: KeyResult[] = []
  let first = firstId
  for (const { once, events } of group) {
    if (once) keys.push({ ...once, first, count: events.length })
    first += events.length
  }
  return keys
}

function answer(group: readonly WaitingEvents[], stored: readonly StoredEvent[]): void {
  let from = 0
  for (const { events, resolve } of group) {
    const own = stored.slice(from, from + events.length)
    resolve({ first: own[0]?.id ?? 0, count: own.length, events: own })
    from += events.length
  }
}

/** Answers a member whose key is already used, and returns true for it. */
function answerTaken({ once, resolve, reject }: WaitingEvents, taken: readonly StoredKey[]): boolean {
  const remembered = once && taken.find(({ key }) => key === once.key)
  if (!remembered) return false
  if (remembered.request === once.request) resolve({ first: remembered.first, count: remembered.count })
  else reject(new GatewayError('idempotency_key_reused'))
  return true
}
