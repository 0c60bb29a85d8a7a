/** Holds the parameters that the sources read to those that the OpenAPI document lists. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { testApp } from '../support/test-app.ts'

const root = fileURLToPath(new URL('../../src/', import.meta.url))
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /^(features|http)\/.*\.ts$/.test(file),
)
const text = sources.map((file) => readFileSync(`${root}${file}`, 'utf8')).join('\n')
const json = await (await testApp().request('/openapi.json')).text()

const read = (kind: string) => [
  ...new Set(
    [...text.matchAll(new RegExp(String.raw`\.req\.${kind}\('([\w-]+)'\)`, 'g'))].map(([, name]) => name ?? ''),
  ),
]
const listed = (kind: string) => [
  ...new Set(
    [...json.matchAll(/\{"in":"(\w+)","name":"([\w-]+)"|"name":"([\w-]+)","in":"(\w+)"/g)]
      .filter(([, before, , , after]) => (before ?? after) === kind)
      .map(([, , first, second]) => (first ?? second ?? '').toLowerCase()),
  ),
]

/** Credentials stand under securitySchemes; OpenAPI leaves the fields of HTTP itself to HTTP, as we those of traces to W3C. */
const elsewhere = [
  ...['authorization', 'x-vx11-gw-token', 'x-vx11-token'],
  ...['accept-encoding', 'access-control-request-method', 'connection', 'content-encoding', 'content-length'],
  ...[
    'accept-language',
    'content-type',
    'cookie',
    'host',
    'max-forwards',
    'origin',
    'sec-websocket-key',
    'sec-websocket-version',
    'traceparent',
    'tracestate',
    'transfer-encoding',
    'upgrade',
    'user-agent',
    'via',
  ],
]

it('finds both', () => {
  expect(read('header').length).toBeGreaterThan(5)
  expect(listed('header')).toContain('idempotency-key')
  expect(listed('query')).toContain('budget_sec')
})

it('lists every query parameter that is read by name', () => {
  expect(read('query').filter((name) => !listed('query').includes(name))).toEqual([])
})

it('lists every header that is read by name', () => {
  const missing = read('header').filter((name) => !listed('header').includes(name) && !elsewhere.includes(name))
  expect(missing).toEqual([])
})

it('lets no route read a whole query that it does not declare', () => {
  const undeclared = sources.filter((file) => {
    const source = readFileSync(`${root}${file}`, 'utf8')
    return /\breadQuery\(|\.req\.quer(?:y|ies)\(\)/.test(source) && !file.startsWith('http/routing/')
  })
  expect(undeclared).toEqual([])
})
