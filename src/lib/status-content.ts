/** Decides the content that a status allows (RFC 9110 §6.4.1, §8.6, §15.3.6; RFC 9112 §6.3). */

export interface StatusContent {
  /** The response may have content. */
  allowed: boolean
  /** The message ends after its head, regardless of its fields. */
  endsWithHead: boolean
  /** Allowed Content-Length: the real length, 0, or none. */
  length: 'real' | 'zero' | 'none'
}

const anything: StatusContent = { allowed: true, endsWithHead: false, length: 'real' }
const nothing: StatusContent = { allowed: false, endsWithHead: true, length: 'none' }

/** 205 is framed normally but must be empty. 304 may have the length of the 200. */
const exceptions: Readonly<Record<number, StatusContent>> = {
  204: nothing,
  205: { allowed: false, endsWithHead: false, length: 'zero' },
  304: { allowed: false, endsWithHead: true, length: 'real' },
}

export const statusContent = (status: number): StatusContent =>
  status < 200 ? nothing : (exceptions[status] ?? anything)
