/** What the OpenAPI document says of a route, from the schemas that the route really uses. */
import type { MiddlewareHandler } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import type { GenericSchema } from 'valibot'
import type { ErrorCode } from '../../errors/gateway-error.ts'
import type { AppEnv } from '../../ports/index.ts'
import { addVary } from '../answer/answer.ts'
import { nameIgnored } from './parameters.ts'
import { problemResponses } from './problem-responses.ts'
import type { Tag } from './tags.ts'

/** What every route with a token may answer, before it does anything. */
export const guardErrors = ['auth_required', 'forbidden', 'too_many_requests'] as const satisfies readonly ErrorCode[]

/** The errors of a call to madre on behalf of a caller. */
export const madreErrors = [
  'madre_auth_failed',
  'madre_failed',
  'madre_unavailable',
  'madre_timeout',
] as const satisfies readonly ErrorCode[]

interface RouteDescription {
  /** Unique; the name of the call in generated clients. */
  id: string
  tag: Tag
  summary: string
  /** JSON answers by status. */
  answers?: Record<number, GenericSchema>
  /** For answers with 200 that are no JSON, by media type. */
  media?: Record<string, string>
  errors?: readonly ErrorCode[]
  /** The caller may hold it already (ETag). */
  revalidates?: boolean
  /** The answer has `next`, and a link to it. */
  lists?: boolean
  /** Where a 302 leads. */
  redirect?: string
  /** Answers that have neither a schema nor an error of the catalogue. */
  also?: Readonly<Record<number, string>>
}

/** At run time it marks the answer as the gateway's own, and names the query parameters that the route does not know. */
export const describe = (description: RouteDescription): MiddlewareHandler<AppEnv> =>
  Object.assign(ownRoute(), documentation(description))

const ownRoute = (): MiddlewareHandler<AppEnv> =>
  async function ownRoute(c, next) {
    c.set('own', true)
    addVary(c, 'Accept-Encoding')
    nameIgnored(c)
    await next()
  }

const documentation = ({
  id,
  tag,
  summary,
  answers = {},
  media = {},
  errors = [],
  redirect,
  also = {},
  revalidates = false,
  lists = false,
}: RouteDescription) =>
  describeRoute({
    operationId: id,
    tags: [tag],
    summary,
    responses: {
      ...problemResponses(errors),
      ...Object.fromEntries(Object.entries(also).map(([status, description]) => [status, { description }])),
      ...(revalidates && { 304: { description: 'The same as If-None-Match names' } }),
      ...(redirect !== undefined && { 302: { description: `To ${redirect}` } }),
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          {
            description: statusText(Number(status)),
            content: { 'application/json': { schema: resolver(schema) } },
            ...(lists && { headers: linkHeader }),
          },
        ]),
      ),
      ...(Object.keys(media).length > 0 && {
        200: { ...mediaResponse(media, answers[200]), ...(lists && { headers: linkHeader }) },
      }),
    },
  })

const linkHeader = {
  Link: {
    description: 'The next page, where there is one: `<?…>; rel="next"`, relative to the request.',
    schema: { type: 'string' as const },
  },
}

/** One 200 may come in several forms. */
const mediaResponse = (media: Record<string, string>, json: GenericSchema | undefined) => ({
  description: Object.values(media).join('; '),
  content: {
    ...(json && { 'application/json': { schema: resolver(json) } }),
    ...Object.fromEntries(Object.keys(media).map((type) => [type, { schema: { type: 'string' as const } }])),
  },
})

const statusText = (status: number) => (status < 400 ? 'Success' : 'The same report, not in order')
