/** What holds for every operation, added to the document: who may call it, and the headers that all of them have. */
import type { OpenAPIV3_1 } from 'openapi-types'
import type { ErrorCode } from '../../errors/gateway-error.ts'
import type { Access } from '../../http/guards/access.ts'
import { problemResponses } from '../../http/routing/problem-responses.ts'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

export const commonComponents = (): OpenAPIV3_1.ComponentsObject => ({
  responses: Object.fromEntries(
    Object.entries(commonResponses).map(([status, response]) => {
      const own = { ...response }
      addHeaders(status, own)
      return [`Common${status}`, own]
    }),
  ),
  securitySchemes: {
    token: { type: 'apiKey', in: 'header', name: 'X-VX11-Token' },
    bearer: { type: 'http', scheme: 'bearer' },
    shubToken: { type: 'apiKey', in: 'header', name: 'X-VX11-GW-TOKEN', description: 'Read first under /shub.' },
    ticket: { type: 'apiKey', in: 'query', name: 'token', description: 'Good for 60 s and one purpose.' },
  },
  parameters: {
    CorrelationId: {
      name: 'X-Correlation-ID',
      in: 'header',
      description: 'Names the exchange in logs, events and timelines; without it the gateway makes one.',
      schema: { type: 'string', maxLength: 128 },
    },
  },
  headers: {
    CorrelationId: { description: 'The name of the exchange.', schema: { type: 'string' } },
    RetryAfter: { description: 'Seconds until the request may succeed.', schema: { type: 'integer', minimum: 1 } },
    IgnoredParameters: {
      description: 'Query parameters that the route does not know, percent-encoded, with commas between.',
      schema: { type: 'string' },
      example: 'limt',
    },
  },
})

/** What every request may meet before its route does anything; statuses that a route documents itself stay its own. */
const anywhere = ['bad_request_target', 'body_not_allowed', 'loop_detected'] as const satisfies readonly ErrorCode[]

export const commonResponses: Readonly<Record<string, OpenAPIV3_1.ResponseObject>> = problemResponses(anywhere)

export interface Rules {
  access(method: string, path: string): Access
  /** The class of allowance that a request spends; null where nothing is counted. */
  allowance(method: string, path: string): string | null
  /** The parameter of the query that may hold a ticket instead of a token; undefined where none does. */
  ticket(path: string): string | undefined
}

export function completeOperations(document: OpenAPIV3_1.Document, rules: Rules): void {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item?.[method]
      if (operation) complete(operation, method.toUpperCase(), path, rules)
    }
  }
}

function complete(operation: OpenAPIV3_1.OperationObject, method: string, path: string, rules: Rules): void {
  const access = rules.access(method, path)
  const allowance = rules.allowance(method, path)
  operation.description = [operation.description, needs(access, rules.ticket(path)), spends(allowance)]
    .filter(Boolean)
    .join(' ')
  operation.security = securityOf(access, path, rules)
  operation.parameters = [...(operation.parameters ?? []).map(asTyped), ref('parameters', 'CorrelationId')]
  const limited = allowance === null ? {} : problemResponses(['too_many_requests'])
  const responses = { ...limited, ...commonReferences, ...operation.responses }
  for (const [status, response] of Object.entries(responses)) addHeaders(status, response)
  operation.responses = responses
}

const commonReferences = Object.fromEntries(
  Object.keys(commonResponses).map((status) => [status, ref('responses', `Common${status}`)]),
)

const needs = (access: Access, ticket: string | undefined) =>
  access.kind === 'public'
    ? 'Needs no token.'
    : `Needs a token with scope \`${access.scope}\`${ticket ? `, or a ticket in \`${ticket}\`` : ''}.`

const spends = (allowance: string | null) => (allowance === null ? 'Not limited.' : `Spends \`${allowance}\`.`)

function securityOf(access: Access, path: string, rules: Rules): OpenAPIV3_1.SecurityRequirementObject[] {
  if (access.kind === 'public') return []
  return [
    { token: [] },
    { bearer: [] },
    ...(access.scope === 'shub' ? [{ shubToken: [] }] : []),
    ...(rules.ticket(path) ? [{ ticket: [] }] : []),
  ]
}

type Parameter = OpenAPIV3_1.ParameterObject | OpenAPIV3_1.ReferenceObject

/** A query is text, but the default of a number is a number. */
function asTyped(parameter: Parameter): Parameter {
  if ('$ref' in parameter || !parameter.schema || '$ref' in parameter.schema) return parameter
  const { type, default: fallback } = parameter.schema
  if (type !== 'integer' || typeof fallback !== 'string') return parameter
  return { ...parameter, schema: { ...parameter.schema, default: Number(fallback) } } as Parameter
}

const mayRetry = new Set(['429', '503'])

function addHeaders(status: string, response: OpenAPIV3_1.ResponseObject | OpenAPIV3_1.ReferenceObject): void {
  if ('$ref' in response) return
  response.headers = {
    ...response.headers,
    'X-Correlation-ID': ref('headers', 'CorrelationId'),
    'X-VX11-Ignored-Parameters': ref('headers', 'IgnoredParameters'),
    ...(mayRetry.has(status) && { 'Retry-After': ref('headers', 'RetryAfter') }),
  }
}
