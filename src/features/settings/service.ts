/** Settings of the operator's console: types are kept, and every change records its author (contract P6, P7). */
import * as v from 'valibot'
import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { nextId } from '../../lib/list-cursor.ts'
import { zonedMoment } from '../../lib/moment.ts'
import { type Actor, auditOf } from '../../modules/audit/act.ts'
import { ownEvent } from '../../modules/events/store/announcer.ts'
import { type ChangeStateDeps, changeState, type PlannedChange } from '../../modules/events/store/change-state.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { modeOf } from '../../modules/power/power-state.ts'
import type { Deps, GatewayEvent } from '../../ports/index.ts'
import type { HistoryQuery, SettingChange, SettingsRead } from './schema.ts'
import * as store from './store.ts'
import { HistoryLine, invalidSetting, parseStored, settingLimits } from './value.ts'

export type SettingsDeps = ChangeStateDeps & Pick<Deps, 'config'> & { policy: Pick<PowerPolicy, 'read'> }

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

export async function writeSettings(deps: SettingsDeps, wanted: readonly WantedSetting[], actor: Actor) {
  let settings: readonly store.StoredSetting[] = []
  const changed = await changeState(deps, async (db) => {
    const stored = await store.selectSettings(db)
    settings = withChanges(stored, wanted)
    if (wanted.length > 0 && settings.length > settingLimits.keys) {
      throw invalidSetting(['body'], `Expected at most ${settingLimits.keys} settings in all`, 'max_entries')
    }
    const changes = wanted.filter(({ key, json }) => jsonOf(stored, key) !== json)
    return changes.length === 0 ? null : plannedChange(stored, changes, actor)
  })
  return { changed: changed?.result ?? [], settings: settingsOf(settings) }
}

export async function removeSetting(deps: SettingsDeps, key: string, actor: Actor): Promise<void> {
  await changeState(deps, async (db) => {
    const stored = await store.selectSettings(db)
    if (!stored.some((setting) => setting.key === key)) throw new GatewayError('setting_not_found')
    return plannedChange(stored, [{ key, json: null }], actor)
  })
}

interface WantedSetting {
  key: string
  json: string
}

const jsonOf = (stored: readonly store.StoredSetting[], key: string): string | null | undefined =>
  stored.find((setting) => setting.key === key)?.json

/** In the order of the keys, as they are read. */
function withChanges(stored: readonly store.StoredSetting[], wanted: readonly WantedSetting[]): store.StoredSetting[] {
  const all = new Map([...stored, ...wanted].map(({ key, json }) => [key, json]))
  return [...all].map(([key, json]) => ({ key, json })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Only the keys are reported; values may be confidential, and are in the history. */
function plannedChange(
  stored: readonly store.StoredSetting[],
  changes: readonly { key: string; json: string | null }[],
  actor: Actor,
): PlannedChange<string[]> {
  const keys = changes.map(({ key }) => key)
  const change = changes.some(({ json }) => json === null) ? 'removed' : 'set'
  const by = actor.principal ?? 'unknown'
  const audit = auditOf(
    {
      ...{ act: change === 'set' ? 'settings.write' : 'settings.remove', target: keys.join(', '), outcome: 'done' },
      ...{ error: null, before: null, after: { [change]: keys } },
    },
    actor,
  )
  const history = changes.map(({ key, json }) => {
    const before = jsonOf(stored, key)
    const line = { key, existed: before === undefined ? 0 : 1, before: before ?? null, after: json, by }
    return {
      component: store.settingsComponent,
      level: 'INFO' as const,
      message: historyLine(line, actor.correlationId),
    }
  })
  return {
    change: {
      settings: changes.map(({ key, json }) => ({ key, from: jsonOf(stored, key) ?? null, to: json, by })),
      lines: [...history, audit.line],
    },
    events: [ownEvent(settingsChanged(keys, change, by, actor.correlationId)), audit.event],
    result: keys,
  }
}

const historyLine = (line: object, correlationId: string) => JSON.stringify({ ...line, correlation_id: correlationId })

const settingsChanged = (
  keys: readonly string[],
  change: 'set' | 'removed',
  by: string,
  correlationId: string,
): GatewayEvent => ({
  type: 'gateway.settings.changed',
  severity: 'info',
  summary: `Settings ${change}: ${keys.join(', ')}`,
  module: 'operator',
  correlationId,
  payload: { keys: [...keys], change, by },
})

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
