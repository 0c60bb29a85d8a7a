/** Settings of the operator's console: types are kept, and every change records its author (contract P6, P7). */
import * as v from 'valibot'
import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { nextId } from '../../lib/list-cursor.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { modeOf } from '../../modules/power/power-state.ts'
import type { Deps } from '../../ports/index.ts'
import type { HistoryQuery, SettingChange, SettingsRead } from './schema.ts'
import * as store from './store.ts'
import { HistoryLine, invalidSetting, parseStored, settingLimits } from './value.ts'

export type SettingsDeps = Pick<Deps, 'config' | 'clock' | 'database' | 'log' | 'announce'> & {
  policy: Pick<PowerPolicy, 'read'>
}

export interface SettingsCaller {
  /** The principal's name. */
  name: string
  correlationId: string
}

export async function readSettings(deps: SettingsDeps, correlationId: string): Promise<SettingsRead> {
  const stored = onDatabase(deps, async (db) => ({ settings: settingsOf(await store.selectSettings(db)) }))
  const reading = orDegraded(stored, { settings: {} as Record<string, unknown> })
  const [{ settings, ...failure }, { state }] = await Promise.all([reading, deps.policy.read()])
  return {
    settings,
    appearance: settings.appearance ?? {},
    chat: settings.chat ?? {},
    security: settings.security ?? {},
    notifications: settings.notifications ?? {},
    policy: modeOf(state),
    read_only: !deps.config.controlEnabled,
    degraded: false,
    ...failure,
    correlation_id: correlationId,
  }
}

/** Null prototype: a missing key such as `constructor` stays missing. */
const settingsOf = (rows: readonly store.StoredSetting[]): Record<string, unknown> =>
  Object.assign(Object.create(null), Object.fromEntries(rows.map(({ key, json }) => [key, parseStored(json)])))

export async function writeSettings(
  deps: SettingsDeps,
  changes: readonly { key: string; json: string }[],
  caller: SettingsCaller,
) {
  const { changed, settings } = await onDatabase(deps, async (db) => {
    const keys = new Set([...(await store.selectSettings(db)), ...changes].map(({ key }) => key))
    if (changes.length > 0 && keys.size > settingLimits.keys) {
      throw invalidSetting(['body'], `Expected at most ${settingLimits.keys} settings in all`, 'max_entries')
    }
    return store.storeSettings(db, changes, authorOf(deps, caller))
  })
  if (changed.length > 0) announceChange(deps, changed, 'set', caller)
  return { changed, settings: settingsOf(settings) }
}

export async function removeSetting(deps: SettingsDeps, key: string, caller: SettingsCaller): Promise<void> {
  const removed = await onDatabase(deps, (db) => store.deleteSetting(db, key, authorOf(deps, caller)))
  if (!removed) throw new GatewayError('setting_not_found')
  announceChange(deps, [key], 'removed', caller)
}

const authorOf = ({ clock }: SettingsDeps, { name, correlationId }: SettingsCaller): store.Author => ({
  by: name,
  correlationId,
  atMs: clock.now(),
})

/** Announces the keys only; values may be confidential. */
function announceChange(
  { announce }: SettingsDeps,
  keys: readonly string[],
  change: 'set' | 'removed',
  caller: SettingsCaller,
): void {
  announce({
    type: 'gateway.settings.changed',
    severity: 'info',
    summary: `Settings ${change}: ${keys.join(', ')}`,
    module: 'operator',
    correlationId: caller.correlationId,
    payload: { keys: [...keys], change, by: caller.name },
  })
}

export async function readHistory(deps: SettingsDeps, query: v.InferOutput<typeof HistoryQuery>) {
  const { key, before, limit, cursor = before } = query
  const reading = onDatabase(deps, async (db) => {
    const rows = await store.selectHistory(db, { key, before: cursor, limit: limit + 1 })
    const changes = rows.slice(0, limit).flatMap(describeChange)
    return { changes, has_more: rows.length > limit, next: nextId(rows, limit) }
  })
  return { degraded: false, ...(await orDegraded(reading, { changes: [], has_more: false, next: null })) }
}

function describeChange({ id, message, at }: { id: number; message: string; at: string | null }): SettingChange[] {
  const line = v.parse(HistoryLine, message)
  if (!line) return []
  const changed = line.existed ? 'updated' : 'created'
  return [
    {
      id,
      key: line.key,
      change: line.after === null ? 'removed' : changed,
      before: parseStored(line.before),
      after: parseStored(line.after),
      by: line.by,
      at: zonedMoment(at),
      correlation_id: line.correlation_id,
    },
  ]
}
