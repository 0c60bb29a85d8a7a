/** Hermes: its resources, its engines, its models (contract G13 to G15, H18 to H21). */

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { Revalidation, revalidated } from '../../http/answer/revalidation.ts'
import { ObjectBody, relayErrors, relayed, UpstreamObject } from '../../http/proxy/relayed.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, readObject, takesBody } from '../../http/routing/input.ts'
import { takesHeaders } from '../../http/routing/parameters.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { type ReadDeps, readModule, Unread } from '../../modules/power/relayed-read.ts'
import type { AppEnv } from '../../ports/index.ts'
import { relay } from '../../upstream/relay.ts'
import { Discover, HermesCatalog, HermesHealth } from './schema.ts'
import { type HermesDeps, readCatalog, readHealth } from './service.ts'

type Deps = HermesDeps & ReadDeps & { policy: Pick<PowerPolicy, 'require'> }

const engineLimits = { firstByteMs: 10_000 }
/** A model comes before the answer does. */
const downloadLimits = { firstByteMs: 120_000 }

export const resourceRoutes = (deps: Deps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getResources',
      tag: 'Hermes',
      summary: 'Command-line tools and models, as hermes reports them',
      answers: { 200: v.union([UpstreamObject, Unread]) },
      errors: guardErrors,
    }),
    takesAge,
    noStore,
    async (c) => {
      const request = {
        upstream: 'hermes',
        target: '/hermes/resources',
        correlationId: c.get('correlationId'),
        acceptedMs: acceptedMs(c),
      } as const
      const read = await readModule(deps, request)
      return 'unread' in read ? c.json(read.unread) : relayed(c, read)
    },
  )

export const hermesRoutes = (deps: Deps) => {
  const pass = (id: string, summary: string, target: string, example: Record<string, unknown>) =>
    [
      describe({ id, tag: 'Hermes', summary, answers: { 200: UpstreamObject }, errors: relayErrors }),
      takesBody(ObjectBody, { example }),
      noStore,
      async (c: Context<AppEnv>) => {
        const json = await readObject(c)
        return relayed(c, await send(deps, target, json, engineLimits, c.get('correlationId')))
      },
    ] as const
  return new Hono<AppEnv>()
    .post(
      '/get-engine',
      ...pass('getEngine', 'An engine by its id, as hermes answers', '/hermes/get-engine', { engine_id: 'gpt4' }),
    )
    .post(
      '/execute',
      ...pass('executeAtHermes', 'Hands a prompt or a command to hermes', '/hermes/execute', { command: 'uptime' }),
    )
}

async function send(deps: Deps, target: string, json: unknown, limits: { firstByteMs: number }, correlationId: string) {
  await deps.policy.require('hermes')
  return relay(deps, { upstream: 'hermes', target, json, limits, correlationId })
}

export const coreHermesRoutes = (deps: Deps) =>
  new Hono<AppEnv>()
    .get(
      '/health',
      describe({
        id: 'getHermesHealth',
        tag: 'Hermes',
        summary: 'Hermes’ health, measured at most 5 s ago',
        answers: { 200: HermesHealth },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => c.json(await readHealth(deps, { correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) })),
    )
    .get(
      '/catalog',
      describe({
        id: 'getHermesCatalog',
        tag: 'Hermes',
        summary: 'Providers and models that hermes registered',
        answers: { 200: HermesCatalog },
        errors: guardErrors,
        revalidates: true,
      }),
      takesHeaders(Revalidation),
      revalidated,
      async (c) => c.json(await readCatalog(deps, c.get('correlationId'))),
    )
    .post(
      '/discover',
      describe({
        id: 'discoverAtHermes',
        tag: 'Hermes',
        summary: 'Lets hermes look for tools and models; a plan unless `apply` is set',
        answers: { 200: UpstreamObject },
        errors: relayErrors,
      }),
      takesBody(Discover, { example: { apply: false }, optional: true }),
      noStore,
      async (c) => {
        const json = await readBody(c, Discover)
        return relayed(c, await send(deps, '/hermes/discover', json, downloadLimits, c.get('correlationId')))
      },
    )
    .post(
      '/models/pull',
      describe({
        id: 'pullModel',
        tag: 'Hermes',
        summary: 'Lets hermes download a model, where it may',
        answers: { 200: UpstreamObject },
        errors: relayErrors,
      }),
      takesBody(ObjectBody, { example: { model: 'llama3.2:1b' } }),
      noStore,
      async (c) => {
        const json = await readObject(c)
        return relayed(c, await send(deps, '/hermes/models/pull', json, downloadLimits, c.get('correlationId')))
      },
    )
