/** Decodes a chunked body, wherever the network split it (RFC 9112 §7.1). */
import { TransportError } from '../../../errors/gateway-error.ts'
import { bareRecord } from '../../../lib/bare-record.ts'
import { addField } from './response-head.ts'

/** Longest size line with its extensions, and longest trailer line. */
const maxLineLength = 4096
const maxTrailersLength = 16_384

/** Thirteen digits stay exact; extensions are skipped. */
const sizeLine = /^([0-9a-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i

const unlawfulInField = /[^\t\x20-\x7e\x80-\xff]/

const cr = 13
const lf = 10

export class Chunked {
  /** What comes next; data: `#left` bytes; dataEnd: the CRLF after them. */
  #state: 'size' | 'data' | 'dataEnd' | 'trailers' | 'over' = 'size'
  #left = 0
  #line = ''
  #trailerBytes = 0

  get over(): boolean {
    return this.#state === 'over'
  }

  /** Passes data between `start` and `end` to `data`. Returns where it stopped: `end`, or the end of the body. */
  read(bytes: Buffer, start: number, end: number, data: (from: number, to: number) => void): number {
    let at = start
    while (at < end && this.#state !== 'over') {
      if (this.#state === 'data') at = this.#readData(at, end, data)
      else at = this.#readLine(bytes, at, end)
    }
    return at
  }

  #readData(at: number, end: number, data: (from: number, to: number) => void): number {
    const to = Math.min(end, at + this.#left)
    this.#left -= to - at
    if (this.#left === 0) this.#state = 'dataEnd'
    data(at, to)
    return to
  }

  #readLine(bytes: Buffer, at: number, end: number): number {
    const found = bytes.indexOf(lf, at)
    const stop = found < 0 || found >= end ? end : found + 1
    this.#line += bytes.toString('latin1', at, stop)
    if (this.#line.length > maxLineLength) throw new TransportError('malformed')
    if (stop > at && bytes[stop - 1] === lf) this.#takeLine()
    return stop
  }

  #takeLine(): void {
    const text = this.#line
    this.#line = ''
    if (text.charCodeAt(text.length - 2) !== cr) throw new TransportError('malformed')
    const line = text.slice(0, -2)
    if (this.#state === 'trailers') this.#takeTrailer(line)
    else if (this.#state === 'dataEnd') this.#endData(line)
    else this.#takeSize(line)
  }

  #takeSize(line: string): void {
    const size = sizeLine.exec(line)?.[1]
    if (size === undefined) throw new TransportError('malformed')
    this.#left = Number.parseInt(size, 16)
    this.#state = this.#left === 0 ? 'trailers' : 'data'
  }

  #endData(line: string): void {
    if (line !== '') throw new TransportError('malformed')
    this.#state = 'size'
  }

  /** Trailers are checked and discarded. */
  #takeTrailer(line: string): void {
    this.#trailerBytes += line.length
    if (this.#trailerBytes > maxTrailersLength) throw new TransportError('malformed')
    if (line === '') this.#state = 'over'
    else if (unlawfulInField.test(line)) throw new TransportError('malformed')
    else addField(bareRecord(), line)
  }
}
