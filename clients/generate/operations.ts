/** Which operations of the gateway's OpenAPI document are methods of a client, and what each takes and gives. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { testApp } from '../../test/support/test-app.ts'

export type Schema = OpenAPIV3_1.SchemaObject
type AnySchema = Schema | OpenAPIV3_1.ReferenceObject
type Parameter = OpenAPIV3_1.ParameterObject

export interface Operation {
  name: string
  method: string
  path: string
  summary: string
  inPath: string[]
  inQuery: Field[]
  inHeaders: Field[]
  body: { schema: AnySchema; required: boolean } | undefined
  /** Of the answers that are no error: their JSON, and whether it can be text or bytes. */
  answer: { json: AnySchema[]; text: boolean; bytes: boolean }
}

export interface Field {
  name: string
  schema: AnySchema
  required: boolean
  description: string | undefined
}

export interface ClientDocument {
  operations: Operation[]
  problem: Schema
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

/** What the clients decide themselves, and what makes an operation a stream. */
const decided = new Set(['Accept', 'Last-Event-ID', 'If-None-Match', 'Sec-WebSocket-Protocol'])
const streaming = new Set(['follow', 'last_event_id', 'token'])

export async function clientDocument(): Promise<ClientDocument> {
  const answer = await testApp().request('/openapi.json')
  const document = (await answer.json()) as OpenAPIV3_1.Document
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const declared = item?.[method]
      return declared ? [operationOf(document, method, path, declared)] : []
    }),
  )
  const problem = document.components?.schemas?.Problem
  if (!problem) throw new Error('the document has no Problem')
  return { operations: operations.filter(isCall), problem: problem as Schema }
}

/** Redirects, pages for browsers and sockets are not: they give nothing that a program reads. */
const isCall = ({ answer }: Operation) => answer.json.length > 0 || answer.text || answer.bytes

function operationOf(
  document: OpenAPIV3_1.Document,
  method: string,
  path: string,
  operation: OpenAPIV3_1.OperationObject,
): Operation {
  const parameters = (operation.parameters ?? []).map((each) => resolved<Parameter>(document, each))
  const of = (place: string) => parameters.filter((each) => each.in === place && !decided.has(each.name)).map(fieldOf)
  const isEvents = parameters.some(({ name }) => name === 'follow')
  const body = operation.requestBody && resolved<OpenAPIV3_1.RequestBodyObject>(document, operation.requestBody)
  const schema = body?.content['application/json']?.schema
  if (!operation.operationId) throw new Error(`${method} ${path} has no operationId`)
  return {
    name: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    inPath: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
    inQuery: of('query').filter(({ name }) => !(isEvents && streaming.has(name))),
    // Every operation takes it: it is an option of each call.
    inHeaders: of('header').filter(({ name }) => name !== 'X-Correlation-ID'),
    body: schema && { schema, required: body.required === true },
    answer: answerOf(document, operation),
  }
}

const fieldOf = ({ name, schema, required, description }: Parameter): Field => ({
  name,
  schema: (schema ?? {}) as AnySchema,
  required: required === true,
  description,
})

function answerOf(document: OpenAPIV3_1.Document, { responses = {} }: OpenAPIV3_1.OperationObject) {
  const media = Object.entries(responses)
    .filter(([status]) => /^2\d\d$/.test(status))
    .flatMap(([, each]) => Object.entries(resolved<OpenAPIV3_1.ResponseObject>(document, each).content ?? {}))
  return {
    json: media.flatMap(([type, { schema }]) => (/\bjson$/.test(type) ? [(schema ?? {}) as AnySchema] : [])),
    text: media.some(([type]) => /^text\/(plain|markdown)/.test(type)),
    bytes: media.some(([type]) => type === 'application/zip'),
  }
}

/** What stands behind a reference, like `#/components/parameters/CorrelationId`. */
function resolved<T>(document: OpenAPIV3_1.Document, value: object): T {
  if (!('$ref' in value)) return value as T
  const [, ...steps] = String(value.$ref).split('/')
  return steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], document) as T
}
