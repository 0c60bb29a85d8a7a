/** Writes server-sent events as the WHATWG standard reads them (HTML §9.2.6). */

export interface SseBlock {
  /** Without `data` the reader keeps the id and hears nothing. */
  id?: number | string
  /** Without a name it is a `message`. */
  event?: string
  retryMs?: number
  comment?: string
  /** May hold line breaks. */
  data?: string
}

export function sseBlock({ id, event, retryMs, comment, data }: SseBlock): string {
  const lines: string[] = []
  if (comment !== undefined) lines.push(`:${comment}`)
  if (retryMs !== undefined) lines.push(`retry: ${retryMs}`)
  if (id !== undefined) lines.push(`id: ${id}`)
  if (event !== undefined) lines.push(`event: ${event}`)
  if (data !== undefined) for (const line of data.split(/\r\n|\r|\n/)) lines.push(`data: ${line}`)
  return `${lines.join('\n')}\n\n`
}

export const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  // nginx would keep the stream to itself until its buffer is full.
  'x-accel-buffering': 'no',
} as const
