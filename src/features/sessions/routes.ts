/** A principal's conversations: list, read (contract O16), rename, delete, export, and one stored answer. */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { answerWith } from '../../http/answer/answer.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { Deleted, ExportQuery, ReadQuery, Rename, Renamed, Session, SessionList, SessionListQuery } from './schema.ts'
import { type SessionDeps, sessionService } from './service.ts'
import { StoredAnswer } from './stored-answer.ts'
import { keepThumb, type ThumbDeps, ThumbKept, ThumbRequest } from './thumb.ts'

const errors = [...guardErrors, 'database_unavailable'] as const
const ofOne = [...errors, 'session_not_found'] as const

const principalOf = (c: { get(name: 'principal'): AppEnv['Variables']['principal'] }) => {
  const principal = c.get('principal')
  if (!principal) throw new GatewayError('auth_required')
  return principal.name
}

export const sessionListRoutes = (deps: SessionDeps & ThumbDeps) => {
  const sessions = sessionService(deps)
  return new Hono<AppEnv>()
    .get(
      '/sessions',
      describe({
        id: 'listChatSessions',
        tag: 'Chat',
        summary: 'Your conversations, the newest first',
        answers: { 200: SessionList },
        errors: [...errors, 'validation_error'],
        lists: true,
      }),
      takesQuery(SessionListQuery),
      noStore,
      async (c) => {
        const { limit, before, cursor = before ?? null } = c.req.valid('query')
        return c.json(linkNext(c, await sessions.list(principalOf(c), limit, cursor, c.var.correlationId)))
      },
    )
    .get(
      '/messages/:message_id',
      describe({
        id: 'getChatMessage',
        tag: 'Chat',
        summary: 'The stored answer with this message_id, such as the end of a stream that was lost',
        answers: { 200: StoredAnswer },
        errors: [...errors, 'message_not_found'],
      }),
      noStore,
      async (c) => c.json(await sessions.message(principalOf(c), c.req.param('message_id'))),
    )
    .put(
      '/messages/:message_id/thumb',
      describe({
        id: 'judgeChatMessage',
        tag: 'Chat',
        summary: 'Says whether an answer of yours was good, which the order of the models learns from',
        answers: { 200: ThumbKept },
        errors: [...errors, 'message_not_found', 'off_by_policy', 'validation_error'],
      }),
      takesBody(ThumbRequest, { example: { thumb: 'up' } }),
      noStore,
      async (c) => {
        const { thumb } = await readBody(c, ThumbRequest)
        const message_id = c.req.param('message_id')
        const counts_for = await keepThumb(deps, principalOf(c), message_id, thumb)
        return c.json({ message_id, thumb, counts_for, correlation_id: c.var.correlationId })
      },
    )
}

export const sessionRoutes = (deps: SessionDeps) => {
  const sessions = sessionService(deps)
  return new Hono<AppEnv>()
    .get(
      '/:session_id',
      describe({
        id: 'getChatSession',
        tag: 'Chat',
        summary: 'One of your conversations with its latest messages',
        answers: { 200: Session },
        errors: [...ofOne, 'validation_error'],
        lists: true,
      }),
      takesQuery(ReadQuery),
      noStore,
      async (c) =>
        c.json(linkNext(c, await sessions.read(principalOf(c), c.req.param('session_id'), c.req.valid('query')))),
    )
    .patch(
      '/:session_id',
      describe({
        id: 'renameChatSession',
        tag: 'Chat',
        summary: 'Gives a conversation a title',
        answers: { 200: Renamed },
        errors: [...ofOne, 'off_by_policy', 'validation_error'],
      }),
      takesBody(Rename, { example: { title: 'First steps' } }),
      noStore,
      async (c) => {
        const { title } = await readBody(c, Rename)
        return c.json(await sessions.rename(principalOf(c), c.req.param('session_id'), title))
      },
    )
    .delete(
      '/:session_id',
      describe({
        id: 'deleteChatSession',
        tag: 'Chat',
        summary: 'Deletes a conversation and its messages',
        answers: { 200: Deleted },
        errors: [...ofOne, 'off_by_policy'],
      }),
      noStore,
      async (c) => {
        const sessionId = c.req.param('session_id')
        const deleted = await sessions.remove(principalOf(c), sessionId)
        return c.json({ session_id: sessionId, deleted: true as const, messages_deleted: deleted })
      },
    )
    .get(
      '/:session_id/export',
      describe({
        id: 'exportChatSession',
        tag: 'Chat',
        summary: 'A whole conversation as a file; format=json for JSON',
        media: {
          'text/markdown': 'The conversation, a heading for each message',
          'application/json': 'The conversation, with format=json',
        },
        errors: [...ofOne, 'validation_error'],
      }),
      takesQuery(ExportQuery),
      noStore,
      async (c) => {
        const { format } = c.req.valid('query')
        const text = await sessions.export(principalOf(c), c.req.param('session_id'), format)
        return answerWith(c, 200, { ...fileHeaders[format] }, bytesOf(text))
      },
    )
}

const fileHeaders = {
  markdown: headersFor('text/markdown; charset=utf-8', 'md'),
  json: headersFor('application/json', 'json'),
}

function headersFor(type: string, extension: string) {
  return {
    'content-type': type,
    'content-disposition': `attachment; filename="vx11-session.${extension}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
}

/** Reads the store page by page, at the reader's pace. */
function bytesOf(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await text.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await text.return(undefined)
    },
  })
}
