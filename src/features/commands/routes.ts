/** Chat commands (contract H26): a console's short words for routes of this gateway. */
import { type Context, Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { CommandAnswer, CommandRequest, commandNames } from './schema.ts'
import { type CallRoute, runCommand } from './service.ts'

type CommandDeps = Pick<Deps, 'clock' | 'random'> & {
  /** The app itself. */
  dispatch: (request: Request, env: object) => Response | Promise<Response>
}

export const commandRoutes = (deps: CommandDeps) =>
  new Hono<AppEnv>().post(
    '/',
    describe({
      id: 'runChatCommand',
      tag: 'Chat',
      summary: 'status, open_window, close_window, spawn or message, each by the route that does it',
      answers: { 200: CommandAnswer },
      errors: [...guardErrors, 'validation_error'],
    }),
    takesBody(CommandRequest, { example: { command: 'status' } }),
    noStore,
    async (c) => {
      const request = await readBody(c, CommandRequest)
      const { command, message, session_id } = request
      if (command === 'message' && message) return send(deps, c, '/operator/api/chat', { message, session_id }) as never
      const call: CallRoute = async (method, path, body) => {
        const answer = await send(deps, c, path, body, method)
        const said = parseJson(await answer.text().catch(() => ''), 'digits')
        return { ok: answer.ok, body: isObject(said) ? said : {} }
      }
      return c.json({
        session_id: session_id || deps.random.uuid(),
        correlation_id: c.var.correlationId,
        command: commandNames.find((name) => name === command) ?? null,
        timestamp: new Date(deps.clock.now()).toISOString(),
        ...(await runCommand(call, request)),
      })
    },
  )

/** The caller's token travels, so the route decides for itself what the caller may do. */
async function send({ dispatch }: CommandDeps, c: Context<AppEnv>, path: string, body?: unknown, method = 'POST') {
  const headers = new Headers({ 'x-correlation-id': c.var.correlationId })
  for (const name of ['x-vx11-token', 'authorization', 'cf-connecting-ip', 'x-forwarded-for']) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const init = method === 'GET' ? { method, headers } : { method, headers, body: JSON.stringify(body ?? {}) }
  return dispatch(new Request(new URL(path, c.req.url), init), c.env ?? {})
}
