/** What holds for every operation, added to the document: who may call it, and the headers that all of them have. */
import type { OpenAPIV3_1 } from 'openapi-types'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

const commonName = (status: string) => `Common${status}`

export const commonComponents = ({
  commonResponses,
}: Pick<Rules, 'commonResponses'>): OpenAPIV3_1.ComponentsObject => ({
  responses: Object.fromEntries(
    Object.entries(commonResponses).map(([status, response]) => {
      addHeaders(status, response)
      return [commonName(status), response]
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
    Wake: {
      name: 'X-VX11-Wake',
      in: 'header',
      description: '`1` wakes the module first, if it sleeps, for a token with scope admin or wake.',
      schema: { type: 'string', enum: ['1'] },
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

type Responses = OpenAPIV3_1.ResponsesObject

/** What holds because of the guards, by operation. */
export interface Rules {
  commonResponses: Readonly<Record<string, OpenAPIV3_1.ResponseObject>>
  of(
    method: string,
    path: string,
  ): Readonly<{
    wakes: boolean
    description: string
    security: OpenAPIV3_1.SecurityRequirementObject[]
    responses: Responses
  }>
}

export function completeOperations(document: OpenAPIV3_1.Document, rules: Rules): void {
  const common = Object.keys(rules.commonResponses).map((status) => [status, ref('responses', commonName(status))])
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item?.[method]
      if (!operation) continue
      const { description, security, responses, wakes } = rules.of(method.toUpperCase(), path)
      operation.parameters = [...(operation.parameters ?? []).map(asTyped), ref('parameters', 'CorrelationId')]
      if (wakes) operation.parameters.push(wakeParameter)
      const all: Responses = { ...responses, ...Object.fromEntries(common), ...operation.responses }
      for (const [status, response] of Object.entries(all)) addHeaders(status, response)
      Object.assign(operation, { description, security, responses: all })
    }
  }
}

export const wakeParameter = ref('parameters', 'Wake')

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
