/** What the settings routes take and give (contract P6, P7, shared/shapes). */
import * as v from 'valibot'
import { IdCursor, Next } from '../../lib/list-cursor.ts'
import { QueryInteger } from '../../lib/query-integer.ts'

const Settings = v.record(v.string(), v.unknown())

/** Any object: each member is a setting. */
export const SettingsBody = Settings

/** Four groups stand at the top as well, where v7's console reads them; `{}` when nothing is set. */
const readMembers = {
  settings: Settings,
  appearance: v.unknown(),
  chat: v.unknown(),
  security: v.unknown(),
  notifications: v.unknown(),
  policy: v.picklist(['solo_madre', 'windowed', 'full']),
  /** True in observer mode. */
  read_only: v.boolean(),
  correlation_id: v.string(),
}

export const SettingsRead = v.object({
  ...readMembers,
  /** True, with `error`, when the database is unavailable: the settings are then not known. */
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
})
export type SettingsRead = v.InferOutput<typeof SettingsRead>

export const SettingsDisabled = v.object({
  error: v.literal('feature_disabled'),
  flag: v.literal('VX11_SETTINGS_ENABLED'),
  settings: Settings,
  correlation_id: v.string(),
})

export const SettingsWritten = v.object({
  ok: v.literal(true),
  status: v.literal('ok'),
  /** The keys of the request. */
  updated_keys: v.array(v.string()),
  /** Those among them whose value is another than before. */
  changed_keys: v.array(v.string()),
  /** All of them, as they are now. */
  settings: Settings,
  correlation_id: v.string(),
})

export const SettingRemoved = v.object({
  ok: v.literal(true),
  status: v.literal('ok'),
  removed_key: v.string(),
  correlation_id: v.string(),
})

export const HistoryQuery = v.object({
  key: v.optional(v.pipe(v.string(), v.maxLength(64))),
  /** The `id` of the last line of the page before. */
  before: v.optional(QueryInteger(1, Number.MAX_SAFE_INTEGER)),
  cursor: v.optional(IdCursor),
  limit: v.optional(QueryInteger(1, 200), '50'),
})

export const SettingChange = v.object({
  id: v.number(),
  key: v.string(),
  change: v.picklist(['created', 'updated', 'removed']),
  before: v.unknown(),
  after: v.unknown(),
  /** The principal's name. */
  by: v.nullable(v.string()),
  at: v.nullable(v.string()),
  correlation_id: v.nullable(v.string()),
})
export type SettingChange = v.InferOutput<typeof SettingChange>

export const SettingsHistory = v.object({
  changes: v.array(SettingChange),
  has_more: v.boolean(),
  next: Next,
  degraded: v.boolean(),
  error: v.optional(v.picklist(['database_unavailable', 'feature_disabled'])),
  flag: v.optional(v.literal('VX11_SETTINGS_ENABLED')),
  correlation_id: v.string(),
})
export type SettingsHistory = v.InferOutput<typeof SettingsHistory>
