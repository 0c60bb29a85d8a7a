/** What the OpenAPI document says of a route, from the schemas that the route really uses. */
import { describeRoute, resolver } from 'hono-openapi'
import type { GenericSchema } from 'valibot'
import { catalogue, type ErrorCode } from '../../errors/gateway-error.ts'

/** What every route with a token may answer, before it does anything. */
export const guardErrors = ['auth_required', 'forbidden', 'too_many_requests'] as const satisfies readonly ErrorCode[]

/** How madre may fail whoever asks it for a caller. */
export const madreErrors = [
  'madre_auth_failed',
  'madre_failed',
  'madre_unavailable',
  'madre_timeout',
] as const satisfies readonly ErrorCode[]

interface RouteDescription {
  /** Unique; the name of the call in generated clients. */
  id: string
  tag: string
  summary: string
  /** JSON answers by status. */
  answers?: Record<number, GenericSchema>
  /** For answers that are no JSON, by media type. */
  media?: Record<string, string>
  errors?: readonly ErrorCode[]
  /** Where a 302 leads. */
  redirect?: string
}

export const describe = ({ id, tag, summary, answers = {}, media = {}, errors = [], redirect }: RouteDescription) =>
  describeRoute({
    operationId: id,
    tags: [tag],
    summary,
    responses: {
      ...problemResponses(errors),
      ...(redirect !== undefined && { 302: { description: `To ${redirect}` } }),
      ...Object.fromEntries(
        Object.entries(media).map(([type, description]) => [
          200,
          { description, content: { [type]: { schema: { type: 'string' as const } } } },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          { description: statusText(Number(status)), content: { 'application/json': { schema: resolver(schema) } } },
        ]),
      ),
    },
  })

/** Where the document holds the shape of every problem, once. */
const problemReference = '#/components/schemas/Problem'

/** Codes that share a status share one response. */
function problemResponses(errors: readonly ErrorCode[]) {
  const byStatus = Map.groupBy(errors, (code) => catalogue[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${catalogue[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: problemReference } } },
      },
    ]),
  )
}

const statusText = (status: number) => (status < 400 ? 'Success' : 'The same report, not in order')
