/** The gateway described by itself: a document for machines, a page for people. */
import { Hono, type MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import type { OpenAPIV3_1 } from 'openapi-types'
import * as v from 'valibot'
import { Problem } from '../../http/answer/problem-body.ts'
import { Revalidation } from '../../http/answer/revalidation.ts'
import { proxiedRows } from '../../http/proxy/prefixes.ts'
import { aliases } from '../../http/routing/aliases.ts'
import { describe } from '../../http/routing/describe.ts'
import { operationRules } from '../../http/routing/operation-rules.ts'
import { takesHeaders } from '../../http/routing/parameters.ts'
import { tags } from '../../http/routing/tags.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { openApiDocument } from './document.ts'
import { referencePage } from './page.ts'

const OpenApiDocument = v.looseObject({
  openapi: v.string(),
  info: v.looseObject({ title: v.string(), version: v.string() }),
  paths: v.record(v.string(), v.unknown()),
})

/** Cacheable with revalidation: a new release may answer differently. */
const revalidated: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.header('Cache-Control', 'no-cache')
  await next()
}

export const referenceRoutes = (app: Hono<AppEnv>, { config }: Pick<Deps, 'config'>) => {
  const rules = operationRules(config)
  // On workerd a promise belongs to its request, so only the finished document is kept; as text it takes a tenth.
  let text: string | undefined
  const read = async () => {
    text ??= JSON.stringify(
      await openApiDocument(
        app,
        { aliases, tags, proxied: proxiedRows.filter(({ described }) => described) },
        Problem,
        rules,
      ),
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
        answers: { 200: OpenApiDocument },
        revalidates: true,
      }),
      revalidated,
      takesHeaders(Revalidation),
      etag({ weak: true }),
      async (c) => c.body(await read(), 200, { 'Content-Type': 'application/json' }),
    )
    .get(
      '/docs',
      describe({
        id: 'getReferencePage',
        tag: 'Reference',
        summary: 'This interface as a page',
        media: { 'text/html': 'A page without scripts' },
        revalidates: true,
      }),
      revalidated,
      takesHeaders(Revalidation),
      etag({ weak: true }),
      async (c) => {
        c.header(
          'Content-Security-Policy',
          "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'",
        )
        return c.html(referencePage(JSON.parse(await read()) as OpenAPIV3_1.Document))
      },
    )
}
