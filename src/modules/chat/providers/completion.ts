/** Reads what an OpenAI-compatible endpoint answers, as it streams. */
import type { OpenAI } from 'openai'
import { Stream } from 'openai/core/streaming'
import * as v from 'valibot'
import { limitBytes } from '../../../lib/limit-bytes.ts'
import { readJson } from '../../../lib/read-body.ts'
import type { UpstreamAnswer } from '../../../ports/index.ts'
import { ChatFailure, type Piece } from './provider.ts'

/** The whole stream of an answer, its framing included. */
const maxStreamLength = 4_194_304
const maxJsonLength = 1_048_576

/** Of an answer with status 200. Rejects with ChatFailure, or with what the client library throws (failure.ts). */
export async function* readCompletion(answer: UpstreamAnswer): AsyncGenerator<Piece> {
  if (isEventStream(answer)) yield* streamed(answer)
  else yield* whole(await readJson(answer.body, maxJsonLength))
}

const isEventStream = ({ headers }: UpstreamAnswer) => String(headers['content-type']).startsWith('text/event-stream')

/** What is read of a chunk, or of a whole completion; servers add members of their own. */
const Text = v.nullish(v.string())
const Words = v.object({ content: Text, reasoning_content: Text })
const Count = v.fallback(
  v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9))), null),
  null,
)
const Told = v.object({
  model: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(128))), undefined),
  choices: v.optional(
    v.array(v.object({ delta: v.optional(Words), message: v.optional(Words), finish_reason: v.nullish(v.string()) })),
    [],
  ),
  usage: v.nullish(
    v.object({
      prompt_tokens: Count,
      completion_tokens: Count,
      total_tokens: Count,
      completion_tokens_details: v.fallback(v.nullish(v.object({ reasoning_tokens: Count })), null),
    }),
  ),
})
type Told = v.InferOutput<typeof Told>

/** The client library decodes the events; without the last one's finish_reason the answer was cut short. */
async function* streamed({ body }: UpstreamAnswer): AsyncGenerator<Piece> {
  const bytes = new Response(body as ReadableStream<Uint8Array>).body
  if (!bytes) throw new ChatFailure('empty')
  const tooLong = () => new ChatFailure('malformed', 'too_long')
  const response = new Response(bytes.pipeThrough(limitBytes(maxStreamLength, tooLong)))
  let model: string | undefined
  let finished = false
  for await (const chunk of Stream.fromSSEResponse<unknown>(response, new AbortController(), quiet)) {
    const told = readTold(chunk)
    if (told.model !== undefined && told.model !== model) yield { kind: 'model', model: told.model }
    model = told.model
    finished ||= told.choices.some(({ finish_reason }) => finish_reason != null)
    yield* piecesOf(told)
  }
  if (!finished) throw new ChatFailure('malformed', 'cut_short')
}

/** The library would tell of malformed chunks on the console. */
const quiet = { logLevel: 'off' } as OpenAI

/** A server that does not stream says everything at once. */
function* whole(json: unknown): Generator<Piece> {
  const told = readTold(json)
  if (told.model !== undefined) yield { kind: 'model', model: told.model }
  yield* piecesOf(told)
}

function readTold(json: unknown): Told {
  const told = v.safeParse(Told, json)
  if (!told.success) throw new ChatFailure('malformed', 'unknown_shape')
  return told.output
}

function* piecesOf({ choices: [choice], usage }: Told): Generator<Piece> {
  const words = choice?.delta ?? choice?.message
  if (words?.reasoning_content) yield { kind: 'reasoning', text: words.reasoning_content }
  if (words?.content) yield { kind: 'token', text: words.content }
  if (usage) {
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens } = usage
    const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens ?? null
    const totalTokens = total_tokens ?? (promptTokens ?? 0) + (completionTokens ?? 0)
    yield { kind: 'usage', usage: { promptTokens, completionTokens, reasoningTokens, totalTokens } }
  }
}
