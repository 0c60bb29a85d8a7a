import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/errors/gateway-error.ts'
import { testApp } from '../support/test-app.ts'

interface Document {
  openapi: string
  components?: { schemas?: Record<string, unknown> }
  paths: Record<string, Record<string, { operationId?: string; summary?: string; responses?: Record<string, unknown> }>>
}

const read = async () => (await (await testApp().request('/openapi.json')).json()) as Document

const operations = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.operationId)
      .map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, ...operation })),
  )

describe('GET /openapi.json', () => {
  it('describes every route of the app', async () => {
    const { app } = testApp()
    const document = await read()
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')}`)
    const described = operations(document).map(({ route }) => route)
    expect(described.toSorted()).toEqual([...new Set(routes)].toSorted())
    expect(document.paths).toHaveProperty('/shub/{path}')
  })

  it('gives every operation an id of its own and a summary', async () => {
    const all = operations(await read())
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
    for (const { route, summary } of all) expect(summary, route).toBeTruthy()
  })

  it('carries the schemas that the routes use', async () => {
    const document = await read()
    expect(JSON.stringify(document.paths['/vx11/status']?.get?.responses?.[200])).toContain('healthy_modules')
    const refusal = JSON.stringify(document.paths['/vx11/overview']?.get?.responses?.[401])
    expect(refusal).toContain('"$ref":"#/components/schemas/Problem"')
  })

  it('holds the shape of a problem once, however many routes answer with one', async () => {
    const document = await read()
    expect(JSON.stringify(document.components?.schemas?.Problem)).toContain('correlation_id')
    expect(JSON.stringify(document).match(/"retry_after_ms"/g)).toHaveLength(1)
  })
})

describe('GET /docs', () => {
  it('shows every operation and every error code, without scripts', async () => {
    const response = await testApp().request('/docs')
    const page = await response.text()
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const { operationId } of operations(await read())) expect(page).toContain(`id="${operationId}"`)
    for (const code of Object.keys(catalogue)) expect(page).toContain(`id="error-${code}"`)
    expect(page).not.toMatch(/<script|https?:\/\//)
  })
})
