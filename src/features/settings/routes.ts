/** The operator's settings: read, written, removed, and their history (contract P6, P7). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { GatewayError } from '../../errors/gateway-error.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { actorOf } from '../../http/guards/actor.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readObject, takesBody } from '../../http/routing/input.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import {
  HistoryQuery,
  SettingRemoved,
  SettingsBody,
  SettingsDisabled,
  SettingsHistory,
  SettingsRead,
  SettingsWritten,
} from './schema.ts'
import { readHistory, readSettings, removeSetting, type SettingsDeps, writeSettings } from './service.ts'
import { parseChanges } from './value.ts'

const disabled = { error: 'feature_disabled', flag: 'VX11_SETTINGS_ENABLED' } as const
const changeErrors = [...guardErrors, 'off_by_policy', 'feature_disabled', 'database_unavailable'] as const

export const settingsRoutes = (deps: SettingsDeps & Pick<Deps, 'clientAddress'>) => {
  const isOn = deps.config.features.settings
  const requireOn = () => {
    if (!isOn) throw new GatewayError('feature_disabled', { detail: 'Set VX11_SETTINGS_ENABLED=true.' })
  }
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getSettings',
        tag: 'Settings',
        summary: 'All settings, each with the type that it was stored with',
        answers: { 200: v.union([SettingsRead, SettingsDisabled]) },
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (!isOn) return c.json({ ...disabled, settings: {}, correlation_id })
        return c.json(await readSettings(deps, correlation_id))
      },
    )
    .post(
      '/',
      describe({
        id: 'writeSettings',
        tag: 'Settings',
        summary: 'Stores each member of the body as a setting; all of them, or none',
        answers: { 200: SettingsWritten },
        errors: [...changeErrors, 'body_too_large', 'validation_error'],
      }),
      takesBody(SettingsBody, { example: { appearance: { theme: 'dark' } } }),
      noStore,
      async (c) => {
        requireOn()
        const changes = parseChanges(await readObject(c))
        noteAct(c, { target: changes.map(({ key }) => key).join(', ') })
        const { changed, settings } = await writeSettings(deps, changes, actorOf(deps, c))
        noteAct(c, { stored: true })
        return c.json({
          ok: true as const,
          status: 'ok' as const,
          updated_keys: changes.map(({ key }) => key),
          changed_keys: changed,
          settings,
          correlation_id: c.get('correlationId'),
        })
      },
    )
    .get(
      '/history',
      describe({
        id: 'getSettingsHistory',
        tag: 'Settings',
        summary: 'Who changed what, newest first',
        answers: { 200: SettingsHistory },
        errors: [...guardErrors, 'validation_error'],
        lists: true,
      }),
      takesQuery(HistoryQuery),
      noStore,
      async (c) => {
        const query = c.req.valid('query')
        const correlation_id = c.get('correlationId')
        const nothing = { changes: [], has_more: false, next: null, degraded: false }
        if (!isOn) return c.json({ ...disabled, ...nothing, correlation_id })
        return c.json(linkNext(c, { ...(await readHistory(deps, query)), correlation_id }))
      },
    )
    .delete(
      '/:key',
      describe({
        id: 'removeSetting',
        tag: 'Settings',
        summary: 'Removes a setting',
        answers: { 200: SettingRemoved },
        errors: [...changeErrors, 'setting_not_found'],
      }),
      noStore,
      async (c) => {
        requireOn()
        const removed_key = c.req.param('key')
        await removeSetting(deps, removed_key, actorOf(deps, c))
        noteAct(c, { stored: true })
        return c.json({
          ok: true as const,
          status: 'ok' as const,
          removed_key,
          correlation_id: c.get('correlationId'),
        })
      },
    )
}
