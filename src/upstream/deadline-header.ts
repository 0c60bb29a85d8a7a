/** X-VX11-Deadline-Ms: how many milliseconds the sender of a request still waits for the answer's beginning. */

export const deadlineHeader = 'x-vx11-deadline-ms'

export const maxDeadlineMs = 600_000

/** An integer from 1 to 600000; null for everything else. */
export function parseDeadline(value: string | readonly string[]): number | null {
  if (typeof value !== 'string' || !/^[1-9]\d{0,5}$/.test(value)) return null
  const ms = Number(value)
  return ms <= maxDeadlineMs ? ms : null
}
