/** Reads server-sent events to the letter of the WHATWG standard (HTML §9.2.5, §9.2.6), in pieces of any size. */

export interface ReadEvent {
  type: string
  data: string
  lastEventId: string
}

export class EventStreamReader {
  readonly events: ReadEvent[] = []
  readonly comments: string[] = []
  /** What the reader would send when it comes back. */
  lastEventId = ''
  /** The last one received; null when there was none. */
  retryMs: number | null = null
  /** The standard drops a leading byte order mark and puts U+FFFD for what is not UTF-8: TextDecoder's own ways. */
  readonly #decoder = new TextDecoder()
  #rest = ''
  #afterCr = false
  #data = ''
  #type = ''
  #id = ''

  feed(bytes: Uint8Array): void {
    this.#read(this.#decoder.decode(bytes, { stream: true }))
  }

  /** What no blank line ended is dropped. */
  end(): void {
    this.#read(this.#decoder.decode())
    this.#rest = ''
    this.#data = ''
    this.#type = ''
  }

  /** A line ends with CR, LF or both; the LF may come later than its CR, and the line is over all the same. */
  #read(text: string): void {
    for (const char of text) {
      if (char === '\n' && this.#afterCr) {
        this.#afterCr = false
        continue
      }
      this.#afterCr = char === '\r'
      if (char !== '\r' && char !== '\n') {
        this.#rest += char
        continue
      }
      this.#line(this.#rest)
      this.#rest = ''
    }
  }

  #line(line: string): void {
    const colon = line.indexOf(':')
    if (line === '') this.#dispatch()
    else if (colon === 0) this.comments.push(line.slice(1))
    else if (colon < 0) this.#field(line, '')
    else this.#field(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''))
  }

  #field(name: string, value: string): void {
    if (name === 'event') this.#type = value
    if (name === 'data') this.#data += `${value}\n`
    if (name === 'id' && !value.includes('\0')) this.#id = value
    if (name === 'retry' && /^[0-9]+$/.test(value)) this.retryMs = Number(value)
  }

  #dispatch(): void {
    this.lastEventId = this.#id
    const data = this.#data
    const type = this.#type || 'message'
    this.#data = ''
    this.#type = ''
    if (data !== '') this.events.push({ type, data: data.slice(0, -1), lastEventId: this.lastEventId })
  }
}

/** All of it at once. */
export function readEventStream(stream: string | Uint8Array): EventStreamReader {
  const reader = new EventStreamReader()
  reader.feed(typeof stream === 'string' ? new TextEncoder().encode(stream) : stream)
  reader.end()
  return reader
}
