/** Lists the operator API in its 404, from the routes themselves. */
import type { Hono } from 'hono'
import type { AppEnv } from '../../ports/index.ts'

/** Empty for a path outside the operator API. */
export const operatorEndpoints = (app: Pick<Hono<AppEnv>, 'routes'>) => {
  let known: readonly string[] | undefined
  return (path: string): readonly string[] => {
    if (!path.startsWith(prefix)) return []
    known ??= listed(app)
    return known
  }
}

const prefix = '/operator/api/'

const listed = ({ routes }: Pick<Hono<AppEnv>, 'routes'>) => {
  const ours = routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith(prefix))
  return [...new Set(ours.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`))]
}
