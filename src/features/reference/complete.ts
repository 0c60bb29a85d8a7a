/** What holds for every operation, added to the document: who may call it, and the headers that all of them have. */
import type { OpenAPIV3_1 } from 'openapi-types'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

export const commonComponents: OpenAPIV3_1.ComponentsObject = {
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
}

/** Whether a route takes calls without a token. */
export type IsPublic = (method: string, path: string) => boolean

export function completeOperations(document: OpenAPIV3_1.Document, isPublic: IsPublic): void {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item?.[method]
      if (!operation) continue
      if (isPublic(method.toUpperCase(), path)) operation.security = []
      operation.parameters = [...(operation.parameters ?? []).map(asTyped), ref('parameters', 'CorrelationId')]
      for (const [status, response] of Object.entries(operation.responses ?? {})) addHeaders(status, response)
    }
  }
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
