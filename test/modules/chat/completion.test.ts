/** Reads the answers of OpenAI-compatible servers as they really come, and tells a cut one from a whole one. */
import { describe, expect, it } from 'vitest'
import { addPiece, noAnswer } from '../../../src/modules/chat/chain/answer.ts'
import { readCompletion } from '../../../src/modules/chat/providers/completion.ts'
import { askModel } from '../../../src/modules/chat/providers/openai.ts'
import type { Upstream } from '../../../src/ports/index.ts'
import { recordedAnswers } from './recorded-answers.ts'

const streamOf = (text: string, pieceLength = text.length) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      const bytes = new TextEncoder().encode(text)
      for (let at = 0; at < bytes.length; at += pieceLength) controller.enqueue(bytes.slice(at, at + pieceLength))
      controller.close()
    },
  })

const answerOf = (body: string, contentType = 'text/event-stream', pieceLength?: number) => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: streamOf(body, pieceLength),
})

async function read(body: string, contentType?: string, pieceLength?: number) {
  const answer = noAnswer()
  for await (const piece of readCompletion(answerOf(body, contentType, pieceLength))) addPiece(answer, piece)
  const { text, reasoning, model, finishReason, usage } = answer
  return { text, reasoning, model, finish: finishReason, totalTokens: usage?.totalTokens ?? null }
}

describe('an answer', () => {
  it.each(recordedAnswers.map((each) => [each.server, each] as const))('of %s is read', async (_server, recorded) => {
    const { body, contentType, server: _, ...expected } = recorded
    expect(await read(body, contentType)).toEqual(expected)
    expect(await read(body, contentType, 7)).toEqual(expected)
  })

  it('in parts, or beside choices that are null, is read', async () => {
    const parts = '[{"type":"thinking","thinking":[]},{"type":"text","text":"o"},{"type":"text","text":"k"}]'
    const body = `data: {"choices":[null]}\n\ndata: {"choices":[{"delta":{"content":${parts}},"finish_reason":"stop"}]}\n\n`
    expect(await read(body)).toMatchObject({ text: 'ok', finish: 'stop' })
  })

  const said = 'data: {"model":"m","choices":[{"delta":{"content":"half"}}]}\n\n'
  it.each([
    ['that ends without a word', said, 'cut_short'],
    ['whose chunk is no JSON', `${said}data: {"choices":\n\n`, 'not_json'],
    ['of another shape', `${said}data: {"choices":7}\n\n`, 'unknown_shape'],
    ['with an error in it', `${said}data: {"error":{"message":"overloaded"}}\n\n`, 'error_in_stream'],
  ])('%s is none', async (_what, body, reason) => {
    await expect(read(body)).rejects.toMatchObject({ name: 'ChatFailure', reason })
  })
})

describe('an endpoint that refuses stream_options', () => {
  it('is asked again without, and from then on without at once', async () => {
    const asked: boolean[] = []
    const upstream: Upstream = async (_target, init) => {
      const body = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as object
      asked.push('stream_options' in body)
      if ('stream_options' in body) return { ...answerOf('{"error":"unknown field stream_options"}'), status: 400 }
      return answerOf('data: {"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\n')
    }
    const limits = { deadlineAt: Number.MAX_SAFE_INTEGER, idleMs: 1000, signal: new AbortController().signal }
    const request = { model: 'm', messages: [], correlationId: 'c' }
    for (let time = 0; time < 2; time++) {
      const pieces: unknown[] = []
      for await (const piece of askModel(upstream, request, limits)) pieces.push(piece)
      expect(pieces).toContainEqual({ kind: 'token', text: 'ok' })
    }
    expect(asked).toEqual([true, false, false])
  })
})
