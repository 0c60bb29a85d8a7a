/** Query and header parameters of a route: declared once for the check, the OpenAPI document and `hc<AppType>`. */
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { uniqueSymbol, validator } from 'hono-openapi'
import type * as v from 'valibot'
import type { AppEnv } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { asSent } from './as-sent.ts'
import { readQuery } from './input.ts'

type Fields = v.ObjectSchema<v.ObjectEntries, undefined>

/** What a typed client may leave out as a whole: fields that are all optional. */
type Member<Target extends string, Value> = object extends Value
  ? { [key in Target]?: Value }
  : { [key in Target]: Value }
type Takes<Target extends string, In, Out> = MiddlewareHandler<
  AppEnv,
  string,
  { in: Member<Target, In>; out: { [key in Target]: Out } }
>

/** For handlers that stand apart from their route. */
export type QueryContext<Schema extends Fields> = Context<
  AppEnv,
  string,
  { in: Member<'query', v.InferInput<Schema>>; out: { query: v.InferOutput<Schema> } }
>

/** The names that a route's middleware declares, by that middleware. */
const declared = new WeakMap<object, readonly string[]>()

/** Refuses a wrong query; the handler reads the right one with `c.req.valid('query')`. */
export function takesQuery<Schema extends Fields>(
  schema: Schema,
): Takes<'query', v.InferInput<Schema>, v.InferOutput<Schema>> {
  const check: MiddlewareHandler<AppEnv> = async (c, next) => {
    c.req.addValidatedData('query', readQuery(c, schema))
    await next()
  }
  declared.set(check, Object.keys(schema.entries))
  return documented(check, 'query', schema) as never
}

/** Names headers that the handler, or what it calls, reads for itself. */
export function takesHeaders<Schema extends Fields>(
  schema: Schema,
): Takes<'header', v.InferInput<Schema>, v.InferInput<Schema>> {
  return documented(async (_c, next) => next(), 'header', schema) as never
}

/** hono-openapi's own check would word its refusals otherwise; only its note for the document is kept. */
const documented = (middleware: MiddlewareHandler<AppEnv>, target: 'query' | 'header', schema: Fields) =>
  Object.assign(middleware, { [uniqueSymbol]: noteOf(validator(target, schema, undefined, { options: asSent })) })

const noteOf = (middleware: object) => (middleware as { [uniqueSymbol]: unknown })[uniqueSymbol]

const ignoredHeader = 'x-vx11-ignored-parameters'

/** A misspelt parameter does nothing; the answer says so. */
export function nameIgnored(c: Context<AppEnv>): void {
  if (!c.req.url.includes('?')) return
  const known = new Set(matchedRoutes(c).flatMap(({ handler }) => declared.get(handler) ?? []))
  const ignored = Object.keys(c.req.query()).filter((name) => !known.has(name))
  if (ignored.length > 0) addHeader(c, ignoredHeader, asFieldValue(ignored))
}

const maxNamed = 10

/** Percent-encoded, so that a name is neither a separator nor a line end; long names are cut. */
const asFieldValue = (names: readonly string[]) =>
  names
    .slice(0, maxNamed)
    .map((name) => encodeURIComponent(name.toWellFormed().slice(0, 64).toWellFormed()))
    .join(', ')
