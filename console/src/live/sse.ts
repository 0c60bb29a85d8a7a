/** Reads server-sent events from a fetch body, by the WHATWG rules: fetch can send the token as a header. */

export interface Block {
  id: string | null
  event: string
  data: string
  retryMs: number | null
}

export async function* blocks(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<Block> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      const parts = (rest + value).split(/\r\n\r\n|\n\n|\r\r/)
      rest = parts.pop() ?? ''
      for (const part of parts) yield blockOf(part)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

export function blockOf(text: string): Block {
  const block: Block = { id: null, event: 'message', data: '', retryMs: null }
  const data: string[] = []
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (name === 'data') data.push(value)
    else if (name === 'id') block.id = value
    else if (name === 'event') block.event = value
    else if (name === 'retry') block.retryMs = Number(value) || null
  }
  block.data = data.join('\n')
  return block
}
