/** Carries out a chat command by calling the route that does it, so that its scopes, limits and policies hold. */
import { type CommandAnswer, type CommandRequest, commandNames } from './schema.ts'

/** One call of a route of this gateway with the caller's own credentials; null when its answer is no JSON. */
export type CallRoute = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<RouteAnswer>

export interface RouteAnswer {
  ok: boolean
  body: Readonly<Record<string, unknown>>
}

export type CommandResult = Pick<
  CommandAnswer,
  'result' | 'error' | 'window' | 'modules' | 'spawn' | 'available_commands'
>

export async function runCommand(call: CallRoute, { command, args, message }: CommandRequest): Promise<CommandResult> {
  const { services = ['switch'], ttl_seconds, ttl_sec } = args ?? {}
  switch (command) {
    case 'status': {
      const [window, status] = await Promise.all([
        call('GET', '/operator/api/window/status'),
        call('GET', '/vx11/status'),
      ])
      return { ...outcomeOf(window), window: window.body, modules: status.body.modules }
    }
    case 'open_window': {
      const wish = { services, ttl_seconds, ttl_sec, mode: 'ttl', reason: 'chat_command' }
      return resultOf('window', await call('POST', '/operator/api/window/open', wish))
    }
    case 'close_window':
      return resultOf('window', await call('POST', '/operator/api/window/close'))
    case 'spawn':
      return resultOf('spawn', await call('POST', '/operator/api/spawner/submit', args ?? {}))
    case 'message':
      return { result: 'error', error: message ? 'unknown' : 'message_required' }
    default:
      return { result: 'error', error: 'unknown_command', available_commands: [...commandNames] }
  }
}

const resultOf = (name: 'window' | 'spawn', answer: RouteAnswer): CommandResult => ({
  ...outcomeOf(answer),
  [name]: answer.body,
})

function outcomeOf({ ok, body }: RouteAnswer): Pick<CommandResult, 'result' | 'error'> {
  if (ok) return { result: 'ok' }
  const error = typeof body.error === 'string' ? body.error : 'unknown'
  return { result: error === 'off_by_policy' ? 'off_by_policy' : 'error', error }
}
