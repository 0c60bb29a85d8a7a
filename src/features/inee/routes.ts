/** The colony subsystem of hormiguero, which is usually switched off there (contract O12 to O15, Q-64). */

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { Config } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { orServiceOffline } from '../../http/answer/service-offline.ts'
import { ObjectBody, relayErrors, relayed, UpstreamObject } from '../../http/proxy/relayed.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readObject, takesBody } from '../../http/routing/input.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { type ReadDeps, readModule, Unread } from '../../modules/power/relayed-read.ts'
import type { AppEnv } from '../../ports/index.ts'
import { relay } from '../../upstream/relay.ts'
import { ColonyId, IneeStatus } from './schema.ts'

type Deps = ReadDeps & { config: Pick<Config, 'gates'>; policy: Pick<PowerPolicy, 'require'> }

const upstream = 'hormiguero'
const prefix = '/hormiguero/inee/extended'

export const ineeRoutes = (deps: Deps) => {
  const change = (
    id: string,
    summary: string,
    example: Record<string, unknown>,
    targetOf: (body: Record<string, unknown>) => Target,
  ) =>
    [
      describe({
        id,
        tag: 'INEE',
        summary,
        answers: { 200: UpstreamObject },
        errors: [...relayErrors, 'feature_disabled'],
      }),
      takesBody(ObjectBody, { example }),
      noStore,
      async (c: Context<AppEnv>) => {
        const { target, json, gated = true } = targetOf(await readObject(c))
        if (gated) await orServiceOffline(deps.policy.require(upstream))
        const answer = await orServiceOffline(
          relay(deps, { upstream, target, json, correlationId: c.get('correlationId') }),
        )
        if (answer.status === 404) throw new GatewayError('feature_disabled', { detail: disabledHint })
        return relayed(c, answer)
      },
    ] as const
  return new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: 'getIneeStatus',
        tag: 'INEE',
        summary: 'Whether INEE is on, as hormiguero reports it',
        answers: { 200: v.union([IneeStatus, Unread]) },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => {
        const correlation_id = c.get('correlationId')
        const target = `${prefix}/status`
        const asked = { target, correlationId: correlation_id, acceptedMs: acceptedMs(c) }
        const read = await readModule(deps, { upstream, ...asked })
        if ('unread' in read) return c.json(read.unread)
        if (read.status !== 404) return relayed(c, read)
        return c.json({ status: 'disabled', enabled: false, reason: disabledHint, correlation_id })
      },
    )
    .post(
      '/builder/patchset',
      // The gate counts as a window that is always open.
      ...change('buildPatchset', 'Hands a builder’s specification to hormiguero', { spec_id: 'spec-1' }, (json) => ({
        target: `${prefix}/builder/patchset`,
        json,
        gated: !deps.config.gates.hormigueroBuilder,
      })),
    )
    .post(
      '/colony/register',
      ...change('registerColony', 'Registers a remote colony', { colony_id: 'colony-1' }, (json) => ({
        target: `${prefix}/colony/register`,
        json,
      })),
    )
    .post(
      '/colony/envelope',
      ...change(
        'sealEnvelope',
        'Seals a payload for a colony, `colony_id`',
        { colony_id: 'colony-1', payload: { text: 'hello' } },
        envelopeTarget,
      ),
    )
}

interface Target {
  target: string
  json: unknown
  /** False where a gate stands for the window. */
  gated?: boolean
}

/** Hormiguero wants the colony in the query and the payload alone in the body. */
function envelopeTarget({ colony_id, ...rest }: Record<string, unknown>): Target {
  if (!v.is(ColonyId, colony_id)) {
    const issue = { loc: ['body', 'colony_id'], msg: 'Expected an id of at most 128 characters', type: 'colony_id' }
    throw new GatewayError('validation_error', { issues: [issue] })
  }
  const isWrapped = Object.keys(rest).length === 1 && typeof rest.payload === 'object'
  const target = `${prefix}/colony/envelope?colony_id=${encodeURIComponent(colony_id)}`
  return { target, json: isWrapped ? rest.payload : rest }
}

const disabledHint = 'INEE is disabled at hormiguero: start it with VX11_INEE_ENABLED=1.'
