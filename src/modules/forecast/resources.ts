/** What may be used up, what is measured of it, and how long before its end that is worth an alarm. */
import { onDatabase } from '../../db/database-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { maxQueuedEvents } from '../events/store/commit-queue.ts'
import { readTokens, type TokenUse } from './tokens.ts'

export const resourceNames = ['disk_full', 'wal_growth', 'event_backlog', 'token_budget'] as const
export type ResourceName = (typeof resourceNames)[number]

/** `isShared`: all instances measure the same. */
export type Measured = { used: number; limit: number; isShared: boolean }
export type UnknownResource = { reason: 'not_measured_here' | 'no_limit' | 'unreadable' }

const hourMs = 3_600_000
/** A log that is checkpointed stays at some MiB; a reader that never ends lets it grow. */
const maxWalBytes = 2 ** 28

export const horizons: Readonly<Record<ResourceName, { horizonMs: number; raiseAfter: number }>> = {
  disk_full: { horizonMs: 24 * hourMs, raiseAfter: 3 },
  wal_growth: { horizonMs: hourMs, raiseAfter: 3 },
  event_backlog: { horizonMs: hourMs / 4, raiseAfter: 3 },
  // Its rate is of an hour already.
  token_budget: { horizonMs: 24 * hourMs, raiseAfter: 1 },
}

export const units: Readonly<Record<ResourceName, string>> = {
  disk_full: 'bytes',
  wal_growth: 'bytes',
  event_backlog: 'events',
  token_budget: 'tokens',
}

export type ResourceDeps = Pick<
  Deps,
  'clock' | 'config' | 'database' | 'events' | 'log' | 'readEventBacklog' | 'readStorage'
>

export interface ResourceReading {
  disk_full: Measured | UnknownResource
  wal_growth: Measured | UnknownResource
  event_backlog: Measured | UnknownResource
  /** Of the principal whose tokens are used up first. */
  token_budget: (TokenUse & Measured) | UnknownResource
}

/** Never rejects. */
export async function readResources(deps: ResourceDeps): Promise<ResourceReading> {
  const [storage, event_backlog, token_budget] = await Promise.all([
    readDisk(deps),
    readBacklog(deps),
    readBudget(deps),
  ])
  return { ...storage, event_backlog, token_budget }
}

async function readBacklog({ events, readEventBacklog }: ResourceDeps): Promise<ResourceReading['event_backlog']> {
  const own = events.waiting?.()
  if (own !== undefined) return { used: own, limit: maxQueuedEvents, isShared: false }
  if (!readEventBacklog) return { reason: 'not_measured_here' }
  const used = await readEventBacklog().catch(() => null)
  return used === null ? { reason: 'unreadable' } : { used, limit: maxQueuedEvents, isShared: true }
}

async function readDisk({ readStorage }: ResourceDeps): Promise<Pick<ResourceReading, 'disk_full' | 'wal_growth'>> {
  if (!readStorage) return { disk_full: { reason: 'not_measured_here' }, wal_growth: { reason: 'not_measured_here' } }
  const storage = await readStorage().catch(() => null)
  if (!storage) return { disk_full: { reason: 'unreadable' }, wal_growth: { reason: 'unreadable' } }
  const { freeBytes, diskBytes, walBytes, isShared } = storage
  return {
    disk_full: { used: diskBytes - freeBytes, limit: diskBytes, isShared },
    wal_growth: walBytes === null ? { reason: 'not_measured_here' } : { used: walBytes, limit: maxWalBytes, isShared },
  }
}

async function readBudget(deps: ResourceDeps): Promise<ResourceReading['token_budget']> {
  const limit = deps.config.chat.dailyTokens
  if (limit === null) return { reason: 'no_limit' }
  try {
    const use = await onDatabase(deps, (db) => readTokens(db, deps.clock.now(), limit))
    return { ...use, limit, isShared: true }
  } catch {
    return { reason: 'unreadable' }
  }
}
