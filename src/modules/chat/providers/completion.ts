/** Reads what an OpenAI-compatible endpoint answers: tolerates missing members, reports exactly. */
import { EventSourceParserStream } from 'eventsource-parser/stream'
import * as v from 'valibot'
import { limitBytes } from '../../../lib/limit-bytes.ts'
import { readJson } from '../../../lib/read-body.ts'
import type { UpstreamAnswer } from '../../../ports/index.ts'
import { ChatFailure, type Piece } from './provider.ts'

/** The whole stream of an answer, its framing included. */
const maxStreamLength = 4_194_304
const maxJsonLength = 1_048_576

/** Of an answer with status 200. Rejects with ChatFailure, or with what the stream's transport throws. */
export async function* readCompletion(answer: UpstreamAnswer): AsyncGenerator<Piece> {
  if (isEventStream(answer)) yield* streamed(answer)
  else yield* piecesOf(readChunk(await readJson(answer.body, maxJsonLength)))
}

const isEventStream = ({ headers }: UpstreamAnswer) => /^\s*text\/event-stream/i.test(String(headers['content-type']))

const Text = v.fallback(v.nullish(v.string()), null)
/** Mistral’s reasoning models answer in parts, of which those with text are the answer. */
const Parts = v.pipe(
  v.array(v.object({ text: Text })),
  v.transform((parts) => parts.map(({ text }) => text ?? '').join('')),
)
const Content = v.fallback(v.nullish(v.union([v.string(), Parts])), null)
/** `reasoning` is the word of Ollama, OpenRouter and newer vLLM, `reasoning_content` DeepSeek's and llama.cpp's. */
const Words = v.nullish(v.object({ content: Content, reasoning_content: Text, reasoning: Text }))
const Count = v.fallback(v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9))), null)
/** What is read of a chunk, or of a whole completion. Absent and null are one; servers add members of their own. */
const Chunk = v.object({
  model: v.fallback(v.nullish(v.pipe(v.string(), v.maxLength(128))), null),
  choices: v.nullish(v.array(v.nullish(v.object({ delta: Words, message: Words, finish_reason: Text })))),
  usage: v.fallback(
    v.nullish(
      v.object({
        prompt_tokens: Count,
        completion_tokens: Count,
        total_tokens: Count,
        completion_tokens_details: v.fallback(v.nullish(v.object({ reasoning_tokens: Count })), null),
      }),
    ),
    null,
  ),
})
type Chunk = v.InferOutput<typeof Chunk>

/** Some servers end with `[DONE]` alone, others with a finish_reason alone; without either the answer was cut short. */
async function* streamed(answer: UpstreamAnswer): AsyncGenerator<Piece> {
  let model: string | null = null
  let finished = false
  for await (const { data } of eventsOf(answer)) {
    const text = data.trim()
    if (text === '[DONE]') {
      finished = true
      break
    }
    if (text === '') continue
    const chunk = readChunk(parseChunk(text))
    if (chunk.model != null && chunk.model === model) chunk.model = null
    model = chunk.model ?? model
    finished ||= chunk.choices?.some((choice) => choice?.finish_reason) ?? false
    yield* piecesOf(chunk)
  }
  if (!finished) throw new ChatFailure('malformed', 'cut_short')
}

function eventsOf({ body }: UpstreamAnswer) {
  const bytes = new Response(body as ReadableStream<Uint8Array>).body
  if (!bytes) throw new ChatFailure('empty')
  const tooLong = () => new ChatFailure('malformed', 'too_long')
  return bytes
    .pipeThrough(limitBytes(maxStreamLength, tooLong))
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(closedEvents())
    .pipeThrough(new EventSourceParserStream())
}

/** A server may leave out the blank line after its last event. */
const closedEvents = () => new TransformStream<string, string>({ flush: (controller) => controller.enqueue('\n\n') })

function parseChunk(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ChatFailure('malformed', 'not_json', { cause })
  }
}

function readChunk(json: unknown): Chunk {
  if (v.is(v.object({ error: v.union([v.string(), v.looseObject({})]) }), json)) {
    throw new ChatFailure('refused', 'error_in_stream')
  }
  const parsed = v.safeParse(Chunk, json)
  if (!parsed.success) throw new ChatFailure('malformed', 'unknown_shape')
  return parsed.output
}

function* piecesOf({ model, choices, usage }: Chunk): Generator<Piece> {
  const choice = choices?.[0]
  const words = choice?.delta ?? choice?.message
  const reasoning = words?.reasoning_content || words?.reasoning
  if (model != null) yield { kind: 'model', model }
  if (reasoning) yield { kind: 'reasoning', text: reasoning }
  if (words?.content) yield { kind: 'token', text: words.content }
  if (choice?.finish_reason) yield { kind: 'finish', reason: choice.finish_reason }
  if (usage) yield { kind: 'usage', usage: usageOf(usage) }
}

function usageOf(usage: NonNullable<Chunk['usage']>) {
  const promptTokens = usage.prompt_tokens ?? null
  const completionTokens = usage.completion_tokens ?? null
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens ?? null
  const totalTokens = usage.total_tokens ?? (promptTokens ?? 0) + (completionTokens ?? 0)
  return { promptTokens, completionTokens, reasoningTokens, totalTokens }
}
