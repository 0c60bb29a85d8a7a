/** Reads server-sent events (WHATWG HTML §9.2.6), and notices when the line is dead. */
import { whole } from './send.ts'

/** One block of a stream. `id` is the last one in the stream so far; a block without data moves only that. */
export interface Block {
  type: string
  data: string | null
  id: string
  retryMs: number | null
}

/** The body is cancelled when the loop ends. Throws Unreachable when it breaks off or is silent for `silenceMs`. */
export async function* blocksOf(response: Response, silenceMs: number, signal?: AbortSignal): AsyncGenerator<Block> {
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  const parser = new BlockParser()
  try {
    for (;;) {
      const { done, value } = await whole(inTime(reader.read(), silenceMs, signal), signal)
      if (done) return
      yield* parser.push(value)
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

/** Whatever the runtime does with the request: a caller that left, or silence, ends the wait. */
function inTime<T>(reading: Promise<T>, silenceMs: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing came for ${silenceMs} ms`)), silenceMs)
    const leave = () => reject(signal?.reason)
    signal?.addEventListener('abort', leave)
    if (signal?.aborted) leave()
    reading.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    })
  })
}

/** Takes text as it comes, and gives whole blocks: one that is cut short is left out, as the standard asks. */
export class BlockParser {
  #rest = ''
  #id = ''
  #type = ''
  #data: string[] = []
  #retryMs: number | null = null

  push(text: string): Block[] {
    const arrived = this.#rest + text
    // The other half of a line break may be still to come.
    const end = arrived.endsWith('\r') ? arrived.length - 1 : arrived.length
    const lines = arrived.slice(0, end).split(/\r\n|\n|\r/)
    this.#rest = (lines.pop() ?? '') + arrived.slice(end)
    return lines.flatMap((line) => this.#take(line) ?? [])
  }

  #take(line: string): Block | undefined {
    if (line === '') return this.#finish()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
    return undefined
  }

  #finish(): Block {
    const data = this.#data.length > 0 ? this.#data.join('\n') : null
    const block = { type: this.#type || 'message', data, id: this.#id, retryMs: this.#retryMs }
    this.#type = ''
    this.#data = []
    this.#retryMs = null
    return block
  }
}
