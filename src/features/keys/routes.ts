/** Keys of the database: named tokens with scopes, limits and an end of their own, for scope admin. */
import { type Context, Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { actorOf } from '../../http/guards/actor.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesHeaders, takesQuery } from '../../http/routing/parameters.ts'
import { appendOnce } from '../../modules/events/store/append-once.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import type { KeyActor, KeysDeps } from './change.ts'
import { listKeys, readKey } from './list.ts'
import { Key, KeyChanges, KeyHeaders, KeyList, KeysQuery, MadeKey, NewKey, Reroll } from './schema.ts'
import { createKey, rerollKey, revokeKey, updateKey } from './service.ts'

const errors = [...guardErrors, 'database_unavailable'] as const
const ofOne = [...errors, 'key_not_found'] as const
const onceErrors = ['validation_error', 'idempotency_key_reused', 'off_by_policy'] as const

export const keyRoutes = (deps: KeysDeps & Pick<Deps, 'clientAddress'>) => {
  const actor = (c: Context<AppEnv>): KeyActor => {
    const holder = c.get('principal')
    if (!holder) throw new GatewayError('auth_required')
    return { ...actorOf(deps, c), holder }
  }
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'listKeys',
        tag: 'Keys',
        summary: 'The keys, newest first; of each but its beginning',
        answers: { 200: KeyList },
        errors: [...errors, 'validation_error'],
        lists: true,
      }),
      takesQuery(KeysQuery),
      noStore,
      async (c) => {
        const page = await listKeys(deps, c.req.valid('query'))
        return c.json(linkNext(c, { ...page, correlation_id: c.get('correlationId') }))
      },
    )
    .post(
      '/',
      describe({
        id: 'createKey',
        tag: 'Keys',
        summary: 'Makes a key with scopes that the caller has itself, and shows it this once',
        answers: { 201: MadeKey },
        errors: [...errors, ...onceErrors, 'too_many_keys'],
      }),
      takesHeaders(KeyHeaders),
      takesBody(NewKey, { example: { name: 'night-shift', scopes: ['operator'], expires_at: '2040-01-01' } }),
      noStore,
      async (c) => {
        const request = await readBody(c, NewKey)
        noteAct(c, { target: request.name })
        const made = await createKey(deps, request, actor(c), onceOf(c, request))
        noteAct(c, { stored: true })
        return c.json(made, 201, { location: `/operator/api/keys/${made.id}` })
      },
    )
    .get(
      '/:id',
      describe({
        id: 'getKey',
        tag: 'Keys',
        summary: 'One key, without its secret',
        answers: { 200: Key },
        errors: ofOne,
      }),
      noStore,
      async (c) => c.json(await readKey(deps, c.req.param('id'))),
    )
    .patch(
      '/:id',
      describe({
        id: 'updateKey',
        tag: 'Keys',
        summary: 'Changes name, scopes, limits, end or note; null takes limits, end or note away',
        answers: { 200: Key },
        errors: [...ofOne, 'validation_error', 'key_revoked', 'off_by_policy'],
      }),
      takesBody(KeyChanges, { example: { limits: { user: 600 } } }),
      noStore,
      async (c) => {
        const updated = await updateKey(deps, c.req.param('id'), await readBody(c, KeyChanges), actor(c))
        noteAct(c, { stored: true })
        return c.json(updated)
      },
    )
    .delete(
      '/:id',
      describe({
        id: 'revokeKey',
        tag: 'Keys',
        summary: 'Revokes a key: within a second no instance takes it, and its streams and sockets end',
        answers: { 200: Key },
        errors: [...ofOne, 'off_by_policy'],
      }),
      noStore,
      async (c) => {
        const revoked = await revokeKey(deps, c.req.param('id'), actor(c))
        noteAct(c, { stored: true })
        return c.json(revoked)
      },
    )
    .post(
      '/:id/reroll',
      describe({
        id: 'rerollKey',
        tag: 'Keys',
        summary: 'Gives a key a new secret; the one before is accepted for overlap_seconds more (0)',
        answers: { 200: MadeKey },
        errors: [...ofOne, ...onceErrors, 'key_revoked'],
      }),
      takesHeaders(KeyHeaders),
      takesBody(Reroll, { example: { overlap_seconds: 3600 }, optional: true }),
      noStore,
      async (c) => {
        const request = await readBody(c, Reroll)
        const made = await rerollKey(deps, c.req.param('id'), request, actor(c), onceOf(c, request))
        noteAct(c, { stored: true })
        return c.json(made)
      },
    )
}

/** By what was read of the body: its spelling does not matter. */
const onceOf = (c: Context<AppEnv>, request: object) =>
  appendOnce(c.req.header('idempotency-key'), c.get('principal')?.name ?? '', c.req.path, JSON.stringify(request))
