/** What a status allows after its head (RFC 9110 §6.4.1, §8.6, §15.3.6; RFC 9112 §6.3). */

export interface StatusContent {
  /** The answer may have content. */
  allowed: boolean
  /** The message ends with its head, whatever its fields say. */
  endsWithHead: boolean
  /** What Content-Length may say: the real length, 0, or nothing at all. */
  length: 'real' | 'zero' | 'none'
}

const anything: StatusContent = { allowed: true, endsWithHead: false, length: 'real' }
const nothing: StatusContent = { allowed: false, endsWithHead: true, length: 'none' }

/** 205 is framed like any answer, but must be empty. 304 may tell the length that the 200 would have. */
const exceptions: Readonly<Record<number, StatusContent>> = {
  204: nothing,
  205: { allowed: false, endsWithHead: false, length: 'zero' },
  304: { allowed: false, endsWithHead: true, length: 'real' },
}

export const statusContent = (status: number): StatusContent =>
  status < 200 ? nothing : (exceptions[status] ?? anything)
