/** The gateway described by itself: a document for machines, a page for people. */
import { Hono } from 'hono'
import type { OpenAPIV3_1 } from 'openapi-types'
import { Problem } from '../../http/answer/problem-body.ts'
import { proxiedRows } from '../../http/proxy/prefixes.ts'
import { aliases } from '../../http/routing/aliases.ts'
import { describe } from '../../http/routing/describe.ts'
import type { AppEnv } from '../../ports/index.ts'
import { openApiDocument } from './document.ts'
import { referencePage } from './page.ts'

export const referenceRoutes = (app: Hono<AppEnv>) => {
  // On workerd a promise belongs to its request, so only the finished document is kept; as text it takes a tenth.
  let text: string | undefined
  const read = async () => {
    text ??= JSON.stringify(
      await openApiDocument(app, { aliases, proxied: proxiedRows.filter(({ described }) => described) }, Problem),
    )
    return text
  }
  return new Hono<AppEnv>()
    .get(
      '/openapi.json',
      describe({
        id: 'getOpenApi',
        tag: 'Reference',
        summary: 'This interface as an OpenAPI 3.1 document',
        media: { 'application/json': 'OpenAPI 3.1' },
      }),
      async (c) => c.body(await read(), 200, { 'Content-Type': 'application/json' }),
    )
    .get(
      '/docs',
      describe({
        id: 'getReferencePage',
        tag: 'Reference',
        summary: 'This interface as a page',
        media: { 'text/html': 'A page without scripts' },
      }),
      async (c) => {
        c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
        return c.html(referencePage(JSON.parse(await read()) as OpenAPIV3_1.Document))
      },
    )
}
