/** Decides what an object that a socket sent is to the stream: an event, or talk that only its sender hears again. */

import type { NewEvent } from '../../ports/index.ts'
import { isCanonical } from '../events/shape/canonical.ts'
import { newEvent } from '../events/shape/new-event.ts'
import type { FrameError } from './frames.ts'

export type ClassifiedMessage =
  | { kind: 'event'; event: NewEvent }
  | { kind: 'talk' }
  | { kind: 'rejected'; error: FrameError }

export interface Speaker {
  clientId: string
  /** It may store events. */
  mayStore: boolean
}

export function classifyMessage(object: Record<string, unknown>, speaker: Speaker, now: number): ClassifiedMessage {
  const type = Object.hasOwn(object, 'type') ? object.type : undefined
  if (type !== undefined && typeof type !== 'string') return rejected('validation_error', 'type: Expected string')
  if (type === undefined || !isCanonical(type)) return { kind: 'talk' }
  if (!speaker.mayStore) return rejected('forbidden', 'Storing events needs a token with the scope ingest.')
  const event = newEvent({ source: sourceOf(object, speaker), type, payload: factsOf(object) }, atOnce(now))
  if (!Array.isArray(event)) return { kind: 'event', event }
  return rejected('event_rejected', event.map(({ loc, msg }) => [...loc.slice(2), msg].join(': ')).join('; '))
}

const atOnce = (at: number) => ({ at, correlationId: null })

const rejected = (error: FrameError['error'], detail: string): ClassifiedMessage => ({
  kind: 'rejected',
  error: { error, detail },
})

/** A word as POST /events/ingest takes it, else the socket's own name. */
const sourceOf = ({ source }: Record<string, unknown>, { clientId }: Speaker): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  typeof source === 'string' && /^[^\x00-\x1f\x7f]{1,64}$/.test(source) && source.isWellFormed()
    ? source
    : `ws:${clientId}`.slice(0, 64)

const envelope = new Set(['channel', 'source', 'type'])

/** On a socket the fields are beside `type`; those with `_` are not forwarded (contract events/canonical-types). */
const factsOf = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith('_') && !envelope.has(name)))
