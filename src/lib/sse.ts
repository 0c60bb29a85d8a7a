/** Formats server-sent events (HTML §9.2.6). */

export interface SseBlock {
  /** Without `data` the reader stores the id but gets no event. */
  id?: number | string
  /** The event's name; `message` by default. */
  event?: string
  retryMs?: number
  comment?: string
  /** May contain line breaks. */
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
  // Otherwise nginx buffers the stream.
  'x-accel-buffering': 'no',
} as const
