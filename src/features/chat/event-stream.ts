/** Writes an exchange as Server-Sent Events: start, reasoning, token, usage, done, error (docs/chat.md). */

import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import { sseBlock } from '../../lib/sse.ts'
import { warningsOf } from '../../modules/chat/chain/answer.ts'
import type { FailureKind } from '../../modules/chat/providers/provider.ts'
import type { Deps } from '../../ports/index.ts'
import type { ExchangeEvent, OpenExchange } from './service.ts'

type StreamDeps = Pick<Deps, 'background' | 'log'> & {
  /** The error in the shape of every other answer. */
  problemOf: (error: GatewayError) => object
}

/** `leave` cancels the work that makes the events when the reader has gone. */
export function eventStream(
  deps: StreamDeps,
  exchange: OpenExchange,
  events: AsyncGenerator<ExchangeEvent>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const frames = await nextFrames(deps, exchange, events)
        if (frames === null) controller.close()
        else controller.enqueue(encoder.encode(frames))
      },
      cancel() {
        leave()
        // Store the partial answer although the reader has gone.
        deps.background(drain(events))
      },
    },
    { highWaterMark: 0 },
  )
}

/** Null at the end. */
async function nextFrames(deps: StreamDeps, exchange: OpenExchange, events: AsyncGenerator<ExchangeEvent>) {
  try {
    const { done, value } = await events.next()
    return done ? null : framesOf(deps, exchange, value)
  } catch (error) {
    if (error instanceof GatewayError) return errorFrame(deps, exchange, error)
    deps.log.error('chat_stream_failed', {
      correlation_id: exchange.correlationId,
      error: error instanceof Error ? error.name : 'unknown',
    })
    return errorFrame(deps, exchange, new GatewayError('internal_error'))
  }
}

function framesOf(deps: StreamDeps, exchange: OpenExchange, event: ExchangeEvent): string {
  const { messageId, sessionId, correlationId } = exchange
  if (event.kind === 'start') {
    const { label, fallbackSource } = event.provider
    const ids = { message_id: messageId, session_id: sessionId, correlation_id: correlationId }
    return frame('start', {
      ...ids,
      provider: label,
      fallback_source: fallbackSource,
      warnings: warningsOf(event.attempts),
    })
  }
  if (event.kind === 'done') {
    const { usage } = event.envelope
    return (usage ? frame('usage', usage) : '') + frame('done', event.envelope)
  }
  if (event.kind === 'broken') {
    const kind = event.answer.broken?.kind ?? 'unreachable'
    return errorFrame(deps, exchange, new GatewayError(codes[kind]), warningsOf(event.answer.attempts))
  }
  return frame(event.kind, { text: event.text })
}

/** What a provider that broke off in the middle is called. */
const codes: Record<FailureKind, ErrorCode> = {
  timeout: 'upstream_timeout',
  malformed: 'upstream_malformed',
  unreachable: 'upstream_unavailable',
  refused: 'upstream_unavailable',
  empty: 'upstream_malformed',
}

function errorFrame({ problemOf }: StreamDeps, exchange: OpenExchange, error: GatewayError, warnings: string[] = []) {
  const { messageId, sessionId } = exchange
  return frame('error', { ...problemOf(error), message_id: messageId, session_id: sessionId, warnings })
}

const frame = (event: string, data: unknown) => sseBlock({ event, data: JSON.stringify(data) })

async function drain(events: AsyncGenerator<ExchangeEvent>): Promise<void> {
  try {
    for await (const _event of events);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
  }
}
