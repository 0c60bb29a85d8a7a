/** Explains a proxied answer: Server-Timing for every caller, X-VX11-Decision for an administrator who asks. */
import type { Context } from 'hono'
import type { AppEnv, ExchangeTrace } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { routeTemplate } from '../routing/route-template.ts'

/** `totalMs` is the time since the request arrived. Both headers are set before the answer is created. */
export function tellDecision(c: Context<AppEnv>, trace: ExchangeTrace, totalMs: number): void {
  const gatewayMs = Math.max(0, totalMs - trace.upstreamMs - trace.pausedMs)
  addHeader(c, 'server-timing', `gateway;dur=${gatewayMs.toFixed(2)}, upstream;dur=${trace.upstreamMs.toFixed(2)}`)
  const asksAndMay = c.req.header('x-vx11-explain') === '1' && c.get('principal')?.scopes.includes('admin')
  if (asksAndMay) addHeader(c, 'x-vx11-decision', decision(c, trace, gatewayMs))
}

/** A dictionary of structured fields (RFC 9651 §3.2). */
function decision(c: Context<AppEnv>, trace: ExchangeTrace, gatewayMs: number): string {
  const limit = c.get('limit')
  return [
    `route="${routeTemplate(c)}"`,
    'cache=none',
    ...(limit ? [`limit="${limit.rule}"`, `remaining=${limit.remaining}`] : ['limit=none']),
    `circuit=${trace.circuit ?? 'none'}`,
    `attempts=${trace.attempts}`,
    ...(trace.address === undefined ? [] : [`address="${trace.address}"`]),
    `gateway-ms=${gatewayMs.toFixed(2)}`,
    `upstream-ms=${trace.upstreamMs.toFixed(2)}`,
    `paused-ms=${trace.pausedMs.toFixed(2)}`,
  ].join(', ')
}
