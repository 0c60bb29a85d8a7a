/** Power state, policy and service control under /operator/power, relayed to madre (contract O5 to O11). */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { noStore } from '../../../http/answer/no-store.ts'
import { orServiceOffline } from '../../../http/answer/service-offline.ts'
import { noteAct } from '../../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { readBody, takesBody } from '../../../http/routing/input.ts'
import { takesHeaders } from '../../../http/routing/parameters.ts'
import type { AppEnv, HeaderFields } from '../../../ports/index.ts'
import { windowError } from '../madre.ts'
import { callerOf, changeErrors } from '../routes.ts'
import {
  MadreReport,
  PolicyAccepted,
  PowerHeaders,
  PowerStateAnswer,
  PowerToken,
  ServicePlan,
  ServiceRequest,
} from './schema.ts'
import {
  applySoloMadre,
  changeService,
  type PowerDeps,
  readMadreReport,
  readPower,
  readToken,
  type ServiceAction,
} from './service.ts'

const readErrors = [...guardErrors, 'madre_auth_failed', 'madre_failed', 'not_implemented'] as const

export const powerRoutes = (deps: PowerDeps) => {
  const report = (id: string, summary: string, target: string) =>
    [
      describe({ id, tag: 'Power', summary, answers: { 200: MadreReport }, errors: readErrors }),
      noStore,
      async (c: Context<AppEnv>) => c.json(await readMadreReport(deps, target, callerOf(c))),
    ] as const
  const change = (action: ServiceAction) =>
    [
      describe({
        id: `${action}Service`,
        tag: 'Power',
        summary: `What madre would run to ${action} a service; with apply, the confirmation and both power headers it does`,
        answers: { 200: ServicePlan },
        errors: [...changeErrors, 'power_not_confirmed', 'validation_error', 'service_not_allowed'],
      }),
      takesHeaders(PowerHeaders),
      takesBody(ServiceRequest, { example: { apply: false }, optional: true }),
      noStore,
      async (c: Context<AppEnv>) => {
        const request = await readBody(c, ServiceRequest)
        const service = c.req.param('name') ?? ''
        const change = { service, action, request, headers: factors(c) }
        noteAct(c, { target: service })
        const plan = await orServiceOffline(changeService(deps, change, callerOf(c)))
        noteAct(c, { after: { status: plan.status, applied: plan.apply } })
        return c.json(plan)
      },
    ] as const
  return new Hono<AppEnv>()
    .get(
      '/state',
      describe({
        id: 'getPowerState',
        tag: 'Power',
        summary: 'Madre’s power state, at most 2 s old',
        answers: { 200: PowerStateAnswer },
        errors: guardErrors,
      }),
      noStore,
      async (c) => c.json(await readPower(deps, c.var.correlationId)),
    )
    .get('/status', ...report('getPowerStatus', 'What docker says of the services', '/madre/power/status'))
    .get(
      '/token',
      describe({
        id: 'getPowerToken',
        tag: 'Power',
        summary: 'A power token of madre’s for the next minute',
        answers: { 200: PowerToken },
        errors: changeErrors,
      }),
      noStore,
      async (c) => {
        const token = await readToken(deps, callerOf(c))
        if (!v.is(PowerToken, token)) throw windowError('madre_failed')
        return c.json(token)
      },
    )
    .get(
      '/policy/solo_madre/status',
      ...report('getSoloMadreStatus', 'Whether madre finds itself alone', '/madre/power/policy/solo_madre/status'),
    )
    .post(
      '/policy/solo_madre/apply',
      describe({
        id: 'applySoloMadre',
        tag: 'Power',
        summary: 'Puts solo_madre in force; 202 when madre takes longer than a second',
        answers: { 200: MadreReport, 202: PolicyAccepted },
        errors: changeErrors,
      }),
      noStore,
      async (c) => {
        const applied = await orServiceOffline(applySoloMadre(deps, callerOf(c)))
        noteAct(c, { target: 'solo_madre', after: { status: applied.status } })
        return v.is(PolicyAccepted, applied) ? c.json(applied, 202) : c.json(applied)
      },
    )
    .post('/service/:name/start', ...change('start'))
    .post('/service/:name/stop', ...change('stop'))
    .post('/service/:name/restart', ...change('restart'))
}

function factors(c: Context): HeaderFields {
  const headers: HeaderFields = {}
  for (const name of ['x-vx11-power-key', 'x-vx11-power-token']) {
    const value = c.req.header(name)
    if (value !== undefined) headers[name] = value
  }
  return headers
}
