/** The chat, under the three paths by which VX11's consoles and scripts know it (contract O1, O2, P3). */

import { type Context, Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { addHeader, answerWith } from '../../http/answer/answer.ts'
import { type HeldBodyDeps, heldBody } from '../../http/answer/held-body.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { problemBody } from '../../http/answer/problem-body.ts'
import { mayAct } from '../../http/guards/actor.ts'
import { chatLimit, type RateLimitDeps } from '../../http/guards/rate-limit.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesHeaders } from '../../http/routing/parameters.ts'
import { isSafeCorrelationId } from '../../lib/ids.ts'
import { sseHeaders } from '../../lib/sse.ts'
import type { AppEnv, CancelSignal, Deps } from '../../ports/index.ts'
import { deadlineHeader } from '../../upstream/deadline-header.ts'
import { readDeadline } from '../../upstream/layers/deadline.ts'
import { eventStream } from './event-stream.ts'
import { type ProvidersDeps, readProviders } from './providers-report.ts'
import { ChatEnvelope, ChatHeaders, ChatRequest, maxMessageLength, ProvidersReport, UsageReport } from './schema.ts'
import type { ChatService, OpenExchange } from './service.ts'
import { readUsage } from './usage.ts'

export type ChatRouteDeps = RateLimitDeps &
  HeldBodyDeps &
  ProvidersDeps &
  Pick<Deps, 'clock' | 'background' | 'callerCancelSignal' | 'tracing'> & { chat: ChatService }

const askErrors = [...guardErrors, 'session_not_found', 'message_too_long', 'validation_error'] as const

/** `name` makes the operation ids of each mount unique in the reference. */
export const askRoutes = (deps: ChatRouteDeps, name: string) => {
  const spend = chatLimit(deps)
  return new Hono<AppEnv>().post(
    '/',
    describe({
      id: `ask${name}`,
      tag: 'Chat',
      summary: 'Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was',
      answers: { 200: ChatEnvelope },
      media: { 'text/event-stream': 'The answer as it is made; `stream: true` or Accept asks for it' },
      errors: askErrors,
    }),
    takesHeaders(ChatHeaders),
    takesBody(ChatRequest, { example: { message: 'What runs here?', session_id: 'first-steps' } }),
    noStore,
    async (c) => {
      const request = await readBody(c, ChatRequest)
      refuseLong(request)
      adoptCorrelation(c, request.correlation_id)
      await spend(c, request.session_id ?? null)
      const cancel = linkedController(deps.callerCancelSignal(c))
      const exchange = await deps.chat.open(request, {
        principal: c.get('principal')?.name ?? 'local',
        mayAct: mayAct(c),
        correlationId: c.var.correlationId,
        traceparent: c.req.header('traceparent'),
        signal: cancel.signal,
        timeoutMs: readDeadline(c.req.header(deadlineHeader)),
        fresh: /no-cache|no-store/.test(c.req.header('cache-control') ?? ''),
      })
      const streamed = request.stream ?? wantsEvents(c)
      return streamed ? stream(deps, c, exchange, () => cancel.abort()) : c.json(await whole(deps, exchange))
    },
  )
}

export const reportRoutes = (deps: ChatRouteDeps) =>
  new Hono<AppEnv>()
    .get(
      '/usage',
      describe({
        id: 'getChatUsage',
        tag: 'Chat',
        summary: 'What the chat used today: your tokens by model, calls and cost by provider',
        answers: { 200: UsageReport },
        errors: [...guardErrors, 'database_unavailable'],
      }),
      noStore,
      async (c) => c.json(await readUsage(deps, c.get('principal')?.name ?? 'local', c.var.correlationId)),
    )
    .get(
      '/providers',
      describe({
        id: 'getChatProviders',
        tag: 'Chat',
        summary: 'Who may answer a chat message, in their order, and how they did',
        answers: { 200: ProvidersReport },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => c.json(await readProviders(deps, { correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) })),
    )

async function whole({ chat }: ChatRouteDeps, exchange: OpenExchange): Promise<ChatEnvelope> {
  for await (const event of chat.answer(exchange, false)) if (event.kind === 'done') return event.envelope
  throw new GatewayError('internal_error')
}

function stream(deps: ChatRouteDeps, c: Context<AppEnv>, exchange: OpenExchange, leave: () => void) {
  const traceId = c.get('traceId')
  const problemOf = (error: GatewayError) => ({
    ...problemBody(error, exchange.correlationId, deps.clock.now()),
    ...(traceId !== undefined && { trace_id: traceId }),
  })
  const answer = deps.chat.answer(exchange, true)
  // It is made while it is read, which may be after the request's own end.
  const events = deps.tracing ? deps.tracing.follow(answer) : answer
  const body = eventStream({ ...deps, problemOf }, exchange, events, leave)
  return answerWith(c, 200, { ...sseHeaders }, heldBody(deps, c, body)) as never
}

function refuseLong({ message, session_id }: ChatRequest): void {
  const { length } = [...message]
  if (length <= maxMessageLength) return
  throw new GatewayError('message_too_long', { longMessage: { length, sessionId: session_id ?? null } })
}

const wantsEvents = (c: Context) => /(^|[,\s])text\/event-stream\b/i.test(c.req.header('accept') ?? '')

/** v7's clients name the exchange in the body; the header is heard first. */
function adoptCorrelation(c: Context<AppEnv>, id: string | null | undefined): void {
  if (c.req.header('x-correlation-id') !== undefined || !isSafeCorrelationId(id ?? undefined)) return
  c.set('correlationId', id as string)
  addHeader(c, 'x-correlation-id', id as string)
}

/** An AbortController that also ends when the caller leaves. */
function linkedController(caller: CancelSignal): AbortController {
  const cancel = new AbortController()
  if (caller.aborted) cancel.abort()
  else caller.addEventListener('abort', () => cancel.abort(), { once: true })
  return cancel
}
