/** What runs, measured from the gateway once a minute, with the history that says whether it has always been so. */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { isHeld, Revalidation } from '../../http/answer/revalidation.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { takesHeaders, takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { describeRound } from './report.ts'
import { RuntimeTruthReport, ServiceTruthReport, TruthQuery } from './schema.ts'
import type { RuntimeTruth, TruthReading } from './service.ts'
import { findService, probedServices } from './services.ts'
import { viewOne, viewTruth } from './view.ts'

export const truthRoutes = ({ clock, truth }: Pick<Deps, 'clock'> & { truth: Pick<RuntimeTruth, 'read'> }) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getRuntimeTruth',
        tag: 'Truth',
        summary:
          "The ten services as last probed, at most 150 s ago; format=md gives the report that VX11's tools read",
        answers: { 200: RuntimeTruthReport },
        media: { 'text/markdown': 'The report, with format=md' },
        errors: [...guardErrors, 'validation_error'],
        revalidates: true,
      }),
      takesQuery(TruthQuery),
      takesHeaders(Revalidation),
      noStore,
      async (c) => {
        const { format } = c.req.valid('query')
        const reading = await truth.read()
        if (isHeld(c, format, ...roundOf(reading))) return c.body(null, 304)
        if (format === 'json') return c.json(viewTruth(reading, clock.now(), c.var.correlationId))
        return c.body(describeRound(reading.round), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
      },
    )
    .get(
      '/:service',
      describe({
        id: 'getServiceTruth',
        tag: 'Truth',
        summary: 'One service with its changes and its looks of the last two hours',
        answers: { 200: ServiceTruthReport },
        errors: [...guardErrors, 'not_found'],
        revalidates: true,
      }),
      takesHeaders(Revalidation),
      noStore,
      async (c) => {
        const service = findService(c.req.param('service'))?.service
        if (service === undefined) throw new GatewayError('not_found', { detail: unknownService })
        const reading = await truth.read()
        const report = viewOne(reading, service, clock.now(), c.var.correlationId)
        if (!report) throw new GatewayError('not_found', { detail: unknownService })
        return isHeld(c, service, ...roundOf(reading)) ? c.body(null, 304) : c.json(report)
      },
    )

/** All that an answer depends on: histories change with the round alone, but may be there or not. */
const roundOf = ({ round, histories, unrecorded }: TruthReading) =>
  [round.at, Math.max(0, ...[...histories.values()].map(({ recent }) => recent.at(-1)?.[0] ?? 0)), unrecorded] as const

const unknownService = `The services are ${probedServices.map(({ service }) => service).join(', ')}.`
