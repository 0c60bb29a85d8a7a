/** Finds the route of a request, with FastAPI's 404 and 405. */
import { type Answer, detail } from './answers.ts'
import type { Exchange } from './exchange.ts'

/** Null: the handler wrote the response itself. */
export type Handler = (exchange: Exchange) => Answer | null | Promise<Answer | null>

export interface Route {
  method: string
  /** A path with `{name}` segments. */
  path: string
  handler: Handler
}

export const get = (path: string, handler: Handler): Route => ({ method: 'GET', path, handler })
export const post = (path: string, handler: Handler): Route => ({ method: 'POST', path, handler })

export function answerByRoute(exchange: Exchange, routes: readonly Route[]): Answer | null | Promise<Answer | null> {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, exchange.path)
    return params === null ? [] : [{ route, params }]
  })
  if (matches[0] === undefined) return detail(404, 'Not Found')
  const match = matches.find(({ route }) => route.method === exchange.method)
  if (match === undefined) return detail(405, 'Method Not Allowed', { allow: matches[0].route.method })
  return match.route.handler({ ...exchange, params: match.params })
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    const name = /^\{(.+)\}$/.exec(segment)?.[1]
    if (name !== undefined && value !== '') params[name] = value
    else if (segment !== value) return null
  }
  return params
}

/** What FastAPI serves as /openapi.json, as far as paths and methods go. */
export function openApi(title: string, routes: readonly Route[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { method, path } of routes) {
    const operations = paths[path] ?? {}
    operations[method.toLowerCase()] = { responses: { '200': { description: 'Successful Response' } } }
    paths[path] = operations
  }
  return { openapi: '3.1.0', info: { title, version: '7.0' }, paths }
}
