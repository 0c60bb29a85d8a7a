/** Decides whether an object from a socket is an event to store or is only echoed to its sender. */
import type { NewEvent } from '../../ports/index.ts'
import { isCanonical } from '../events/shape/canonical.ts'
import { newEvent } from '../events/shape/new-event.ts'
import type { FrameError } from './frames.ts'

export type ClassifiedMessage =
  | { kind: 'event'; event: NewEvent }
  | { kind: 'echo' }
  | { kind: 'rejected'; error: FrameError }

export interface Sender {
  clientId: string
  /** Has the scope ingest. */
  mayStore: boolean
}

export function classifyMessage(object: Record<string, unknown>, sender: Sender, now: number): ClassifiedMessage {
  const type = Object.hasOwn(object, 'type') ? object.type : undefined
  if (type !== undefined && typeof type !== 'string') return rejected('validation_error', 'type: Expected string')
  if (type === undefined || !isCanonical(type)) return { kind: 'echo' }
  if (!sender.mayStore) return rejected('forbidden', 'Storing events needs a token with the scope ingest.')
  const event = newEvent({ source: sourceOf(object, sender), type, payload: payloadOf(object) }, postedAt(now))
  if (!Array.isArray(event)) return { kind: 'event', event }
  return rejected('event_rejected', event.map(({ loc, msg }) => [...loc.slice(2), msg].join(': ')).join('; '))
}

const postedAt = (at: number) => ({ at, correlationId: null })

const rejected = (error: FrameError['error'], detail: string): ClassifiedMessage => ({
  kind: 'rejected',
  error: { error, detail },
})

/** A `source` that POST /events/ingest would accept, else the socket's name. */
const sourceOf = ({ source }: Record<string, unknown>, { clientId }: Sender): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes them
  typeof source === 'string' && /^[^\x00-\x1f\x7f]{1,64}$/.test(source) && source.isWellFormed()
    ? source
    : `ws:${clientId}`.slice(0, 64)

const envelope = new Set(['channel', 'source', 'type'])

/** Fields beside `type` are the payload; those with `_` are dropped (contract events/canonical-types). */
const payloadOf = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith('_') && !envelope.has(name)))
