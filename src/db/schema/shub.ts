/** Audio projects, and what shub remembers of signed requests and window tokens. */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { boolean, currentTimestamp, datetime, float, textKey, utcNow, varchar } from './columns.ts'

/** One loudness/level analysis of a track. */
export const shubAnalysis = sqliteTable('shub_analysis', {
  id: integer().primaryKey(),
  trackId: integer('track_id')
    .notNull()
    .references(() => shubTracks.id),
  rms: float().$default(() => 0),
  peak: float().$default(() => 0),
  lufs: float().$default(() => 0),
  noiseFloor: float('noise_floor').$default(() => 0),
  dynamicRange: float('dynamic_range').$default(() => 0),
  clipping: integer().$default(() => 0),
  notes: text(),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One suggested effects chain of a track. */
export const shubFxChains = sqliteTable('shub_fx_chains', {
  id: integer().primaryKey(),
  trackId: integer('track_id')
    .notNull()
    .references(() => shubTracks.id),
  chainName: varchar('chain_name', { length: 255 }).notNull(),
  stepsJson: text('steps_json').notNull(),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One preset snippet of an effects chain. */
export const shubPresets = sqliteTable('shub_presets', {
  id: integer().primaryKey(),
  fxChainId: integer('fx_chain_id')
    .notNull()
    .references(() => shubFxChains.id),
  rppSnippet: text('rpp_snippet'),
  version: varchar({ length: 32 }).$default(() => '1.0'),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One audio project. */
export const shubProjects = sqliteTable('shub_projects', {
  id: integer().primaryKey(),
  // Proj- plus 8 hex digits.
  projectId: varchar('project_id', { length: 64 }).notNull().unique(),
  name: varchar({ length: 255 }).notNull(),
  sampleRate: integer('sample_rate').$default(() => 48000),
  createdAt: datetime('created_at').$default(utcNow),
  updatedAt: datetime('updated_at').$default(utcNow),
})

/** One nonce already used by a signed request to shub (replay protection). */
export const shubRequestNonces = sqliteTable(
  'shub_request_nonces',
  {
    nonceId: textKey('nonce_id'),
    // Epoch seconds that the request was signed with.
    timestamp: integer().notNull(),
    ttlSeconds: integer('ttl_seconds').default(120),
    createdAt: datetime('created_at').default(currentTimestamp),
  },
  (table) => [
    // Old nonces, to be forgotten.
    index('idx_shub_nonce_created').on(table.createdAt),
    // Nonces by the moment they were signed.
    index('idx_shub_nonce_timestamp').on(table.timestamp),
  ],
)

/** One audio track of a project. */
export const shubTracks = sqliteTable('shub_tracks', {
  id: integer().primaryKey(),
  projectId: varchar('project_id', { length: 64 })
    .notNull()
    .references(() => shubProjects.projectId),
  name: varchar({ length: 255 }).notNull(),
  // unknown, vocal, drum or bass.
  role: varchar({ length: 64 }).$default(() => 'unknown'),
  filePath: varchar('file_path', { length: 512 }),
  durationSec: float('duration_sec').$default(() => 0),
  createdAt: datetime('created_at').$default(utcNow),
})

/** One verified window token (hash, validity, scopes). */
export const shubWindowCache = sqliteTable(
  'shub_window_cache',
  {
    tokenHash: textKey('token_hash'),
    // Issued at, epoch seconds.
    tokenIat: integer('token_iat').notNull(),
    // Expires at, epoch seconds.
    tokenExp: integer('token_exp').notNull(),
    valid: boolean().default(sql`1`),
    scopes: text().notNull(),
    cachedAt: datetime('cached_at').default(currentTimestamp),
  },
  (table) => [
    // Tokens that have expired.
    index('idx_shub_cache_exp').on(table.tokenExp),
  ],
)
