/** Calls every operation as the OpenAPI document describes it, and holds the answer's status to it. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { describe, expect, it } from 'vitest'
import { testApp, tokens } from '../support/test-app.ts'

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

type Parameter = OpenAPIV3_1.ParameterObject & { schema: OpenAPIV3_1.SchemaObject }

interface Operation {
  method: string
  path: string
  id: string
  isPublic: boolean
  query: Parameter[]
  headers: string[]
  body: OpenAPIV3_1.SchemaObject | undefined
  example: unknown
  responses: OpenAPIV3_1.ResponsesObject
}

const document = (await (await testApp().request('/openapi.json')).json()) as OpenAPIV3_1.Document

const operations: Operation[] = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item?.[method]
    if (!operation) return []
    const parameters = (operation.parameters ?? []).map(dereferenced)
    const body = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined
    return [
      {
        method: method.toUpperCase(),
        path,
        id: operation.operationId ?? '',
        isPublic: operation.security?.length === 0,
        query: parameters.filter((parameter) => parameter.in === 'query'),
        headers: parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase()),
        body: body?.content['application/json']?.schema as OpenAPIV3_1.SchemaObject | undefined,
        example: body?.content['application/json']?.example,
        responses: operation.responses ?? {},
      },
    ]
  }),
)

function dereferenced(parameter: OpenAPIV3_1.ParameterObject | OpenAPIV3_1.ReferenceObject): Parameter {
  if (!('$ref' in parameter)) return parameter as Parameter
  return document.components?.parameters?.[parameter.$ref.split('/').at(-1) ?? ''] as Parameter
}

/** A value that the parameter's schema allows. */
function allowed({ name, schema }: Parameter): string {
  if (schema.default !== undefined) return String(schema.default)
  if (schema.enum) return String(schema.enum[0])
  if (schema.const !== undefined) return String(schema.const)
  if (schema.type === 'integer') return String(schema.minimum ?? 1)
  if (schema.format === 'date-time') return '2027-01-15T08:00:00Z'
  return name === 'severity' ? 'info' : name === 'status' ? 'open' : 'x'
}

/** A body with every required member, each as its schema allows. */
function sample(schema: OpenAPIV3_1.SchemaObject | undefined): unknown {
  if (!schema) return 'x'
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = (schema.anyOf ?? schema.oneOf ?? []) as OpenAPIV3_1.SchemaObject[]
  if (first) return sample(first)
  if (schema.type === 'array') return [sample(schema.items as OpenAPIV3_1.SchemaObject)]
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  if (schema.type === 'boolean') return false
  if (schema.type === 'string') return 'x'.repeat(schema.minLength ?? 1)
  const required = schema.required ?? []
  return Object.fromEntries(
    required.map((name) => [name, sample(schema.properties?.[name] as OpenAPIV3_1.SchemaObject)]),
  )
}

const urlOf = ({ path }: Operation, query: URLSearchParams) =>
  `${path.replace('{name}', 'switch').replace(/\{\w+\}/g, 'x')}${query.size > 0 ? `?${query}` : ''}`

const whole = ({ query }: Operation) =>
  new URLSearchParams(
    // Both come from an earlier answer.
    query
      .filter(({ name }) => name !== 'token' && name !== 'cursor')
      .map((each): [string, string] => [each.name, allowed(each)]),
  )

/** The answer of a gateway without database and upstreams, and with madre open to nothing. */
async function call(operation: Operation, query: URLSearchParams, headers: Record<string, string>, body?: unknown) {
  const answer = await testApp().request(urlOf(operation, query), {
    method: operation.method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  await answer.body?.cancel()
  return answer
}

const token = { 'x-vx11-token': tokens.link }
const name = ({ method, path }: Operation) => `${method} ${path}`
const isDocumented = ({ responses }: Operation, status: number) => String(status) in responses

describe('the operations of the document', () => {
  it('are many, and take parameters', () => {
    expect(operations.length).toBeGreaterThan(100)
    expect(operations.flatMap(({ query }) => query).length).toBeGreaterThan(40)
    expect(
      operations.flatMap(({ headers }) => headers.filter((each) => each !== 'x-correlation-id')).length,
    ).toBeGreaterThan(8)
  })

  it('answer with a documented status when they are called as documented', async () => {
    const wrong: string[] = []
    for (const operation of operations) {
      const body = operation.body && sample(operation.body)
      const { status } = await call(operation, whole(operation), token, body)
      if (!isDocumented(operation, status)) wrong.push(`${name(operation)} ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it('take every documented query parameter', async () => {
    const ignored: string[] = []
    for (const operation of operations.filter(({ query }) => query.length > 0)) {
      const answer = await call(operation, whole(operation), token, operation.body && sample(operation.body))
      const refused = answer.status === 422 && !operation.body
      if (refused || answer.headers.has('x-vx11-ignored-parameters'))
        ignored.push(`${name(operation)}?${whole(operation)} ${answer.status}`)
    }
    expect(ignored).toEqual([])
  })

  it('refuse with a documented status what their parameters do not allow', async () => {
    const wrong: string[] = []
    for (const operation of operations)
      for (const parameter of operation.query.filter(({ schema }) => schema.type === 'integer')) {
        const { status } = await call(operation, new URLSearchParams({ [parameter.name]: 'many' }), token)
        if (status !== 422 || !isDocumented(operation, status))
          wrong.push(`${name(operation)}?${parameter.name} ${status}`)
      }
    expect(wrong).toEqual([])
  })

  it('refuse with a documented status a body of another shape', async () => {
    const wrong: string[] = []
    for (const operation of operations.filter(({ body }) => body)) {
      const { status } = await call(operation, new URLSearchParams(), token, 7)
      if (!isDocumented(operation, status)) wrong.push(`${name(operation)} ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it('take the example of their body', async () => {
    const refused: string[] = []
    for (const operation of operations.filter(({ body }) => body)) {
      const { status } = await call(operation, new URLSearchParams(), token, operation.example)
      if (operation.example === undefined || [400, 415, 422].includes(status) || !isDocumented(operation, status))
        refused.push(`${name(operation)} ${status}`)
    }
    expect(refused).toEqual([])
  })

  it('say which right they need, and which allowance they spend', () => {
    const described = (id: string) => {
      const wanted = operations.find((each) => each.id === id)
      const operation = document.paths?.[wanted?.path ?? '']?.[wanted?.method.toLowerCase() as 'get']
      return [operation?.description, operation?.security?.map((each) => Object.keys(each).join())]
    }
    expect(described('getLiveness')).toEqual(['Needs no token. Not limited.', []])
    expect(described('listEvents')).toEqual([
      'Needs a token with scope `operator`, or a ticket in `token`. Spends `user`.',
      ['token', 'bearer', 'ticket'],
    ])
    expect(described('getShubDashboard')).toEqual([
      'Needs a token with scope `shub`. Spends `protected`.',
      ['token', 'bearer', 'shubToken'],
    ])
  })

  it('need a token unless the document says that they do not', async () => {
    const wrong: string[] = []
    for (const operation of operations) {
      const { status } = await call(operation, new URLSearchParams(), {})
      const refused = status === 401 || status === 403
      if (refused === operation.isPublic || !isDocumented(operation, status))
        wrong.push(`${name(operation)} ${status} ${operation.isPublic}`)
    }
    expect(wrong).toEqual([])
  })

  it('name what they ignore', async () => {
    const { authorized } = testApp()
    const answer = await authorized('/operator/api/events?limt=2&limit=1&%0a%2c=3')
    expect(answer.headers.get('x-vx11-ignored-parameters')).toBe('limt, %0A%2C')
    const known = await authorized('/operator/api/events?limit=1')
    expect(known.headers.has('x-vx11-ignored-parameters')).toBe(false)
  })

  it('name it in a refusal too', async () => {
    const answer = await testApp().authorized('/operator/api/gates?fresh=perhaps&fersh=true')
    expect(answer.status).toBe(422)
    expect(answer.headers.get('x-vx11-ignored-parameters')).toBe('fersh')
  })
})

describe('the document', () => {
  it('gives the batch its body, and itself as an object', () => {
    const batch = operations.find(({ id }) => id === 'ingestEvents')
    expect(batch?.body).toMatchObject({ type: 'array', items: { required: ['source', 'type', 'payload'] } })
    const own = document.paths?.['/openapi.json']?.get?.responses?.['200'] as OpenAPIV3_1.ResponseObject
    expect(own.content?.['application/json']?.schema).toMatchObject({ type: 'object' })
  })

  it('tells numbers from text', () => {
    const list = operations.find(({ id }) => id === 'listEvents')
    const schemaOf = (wanted: string) => list?.query.find((each) => each.name === wanted)?.schema
    expect(schemaOf('offset')).toEqual({ type: 'integer', minimum: 0, maximum: 10_000, default: 0 })
    expect(schemaOf('type')).toMatchObject({ type: 'string' })
  })

  it('says where it is served and under which licence', () => {
    expect(document.servers).toHaveLength(1)
    expect(document.info.license).toMatchObject({ identifier: 'MIT' })
  })
})

describe.each(['/openapi.json', '/docs'])('GET %s again', (path) => {
  it('answers 304 to whoever has it already', async () => {
    const { request } = testApp()
    const first = await request(path)
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"/)
    const again = await request(path, { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('etag')).toBe(tag)
    expect(again.headers.get('vary')).toContain('Accept-Encoding')
    const other = await request(path, { headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
  })
})
