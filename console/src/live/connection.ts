/** What the badge says of the stream: a union, so that "offline" always knows since when. */
import { signal } from '@preact/signals'

export type Connection =
  | { state: 'connecting' }
  | { state: 'catching_up' }
  | { state: 'live' }
  | { state: 'offline'; since: number; reason: string; retryAt: number }
  | { state: 'off'; reason: string }

export const connection = signal<Connection>({ state: 'connecting' })

export function setOffline(reason: string, retryAt: number): void {
  const last = connection.value
  const since = last.state === 'offline' ? last.since : Date.now()
  connection.value = { state: 'offline', since, reason, retryAt }
}
