/** Says once per request what was asked and how it was answered, in the log and in the metrics. */
import type { Context } from 'hono'
import type { AppEnv, Deps, LogFields } from '../../ports/index.ts'
import { knownMethod, routeTemplate } from '../routing/route-template.ts'

export type AccessLogDeps = Pick<
  Deps,
  'log' | 'metrics' | 'clock' | 'config' | 'clientAddress' | 'requestTarget' | 'whenSent'
>

export const accessLog = ({ log, metrics, clock, config, ...asked }: AccessLogDeps) => {
  const shownQuery = config.logPaths && config.logQuery.length > 0 ? queryOf(new Set(config.logQuery)) : null
  const isLogged = config.logLevel === 'info' || config.logLevel === 'debug'

  function requestLine(c: Context<AppEnv>, method: string, route: string, status: number): LogFields {
    const line: LogFields = {
      correlation_id: c.get('correlationId'),
      client: asked.clientAddress(c),
      method,
      route,
      status,
    }
    if (config.logPaths) line.path = pathOf(asked.requestTarget(c))
    const query = shownQuery ? shownQuery(asked.requestTarget(c)) : ''
    if (query !== '') line.query = query
    const traceId = c.get('traceId')
    if (traceId !== undefined) line.trace_id = traceId
    const principal = c.get('principal')
    if (principal) line.principal = principal.name
    return line
  }

  return {
    requestCame(c: Context<AppEnv>): void {
      c.set('startedAt', clock.monotonic())
    },

    /** The metrics take the time to the status line, the log that to the end of the body. */
    requestFinished(c: Context<AppEnv>): void {
      const method = knownMethod(c)
      const route = routeTemplate(c)
      // A Response cannot be 101 on Node, where the socket is taken out of HTTP's hands.
      const status = c.get('upgraded') ? 101 : c.res.status
      const startedAt = c.get('startedAt')
      metrics.requestFinished({ method, route, status, durationMs: clock.monotonic() - startedAt })
      if (!isLogged) return
      const line = requestLine(c, method, route, status)
      const write = (bytes: number | null) => {
        if (bytes !== null) line.bytes = bytes
        line.duration_ms = Math.round((clock.monotonic() - startedAt) * 100) / 100
        log.info('request', line)
      }
      if (asked.whenSent) asked.whenSent(c, write)
      else write(announcedBytes(c.res))
    },
  }
}

/** The query may hold a ticket. */
function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

const maxQueryLength = 1000

/** The parameters that may be shown; none where they would be too long. */
const queryOf = (shown: ReadonlySet<string>) =>
  function shownQuery(target: string): string {
    const start = target.indexOf('?')
    if (start < 0) return ''
    const parameters = target.slice(start + 1).split('&')
    const query = parameters.filter((each) => shown.has(each.split('=', 1)[0] ?? '')).join('&')
    return query.length <= maxQueryLength ? query : ''
  }

function announcedBytes({ headers, body }: Response): number | null {
  const length = headers.get('content-length')
  if (length !== null) return Number(length)
  return body === null ? 0 : null
}
