/** Reads server-sent events off a response, block by block, with the fields that they held. */

export interface ReadBlock {
  id?: string
  event?: string
  retry?: string
  data?: string
  comment?: string
}

export interface SseReader {
  /** The next block; undefined when the stream has ended. Rejects when it broke. */
  next(): Promise<ReadBlock | undefined>
  /** The next block with data, past comments. */
  message(): Promise<ReadBlock | undefined>
  cancel(): Promise<void>
}

export function sseReader(response: Response): SseReader {
  if (!response.body) throw new Error('no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function next(): Promise<ReadBlock | undefined> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        return parse(block)
      }
      const { done, value } = await reader.read()
      if (done) return undefined
      text += value
    }
  }
  async function message() {
    for (;;) {
      const block = await next()
      if (!block || block.data !== undefined) return block
    }
  }
  return { next, message, cancel: () => reader.cancel() }
}

function parse(text: string): ReadBlock {
  const block: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [field = '', value = ''] = line.split(/:\s?(.*)/s)
    const name = field === '' ? 'comment' : field
    block[name] = name in block ? `${block[name]}\n${value}` : value
  }
  return block
}

/** The stream ids of the events in a block. */
export const idsIn = (block: ReadBlock | undefined): number[] =>
  block?.data === undefined
    ? []
    : (JSON.parse(block.data) as { events: { stream_id: number }[] }).events.map(({ stream_id }) => stream_id)
