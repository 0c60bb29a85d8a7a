/** Answers a chat message with the current state, from a template; no model is involved (contract madre/chat). */
import { isoMoment } from '../../lib/moment-forms.ts'
import { type Neighbour, servicesThatAre } from './neighbours.ts'
import type { StoredWindow } from './windows/window-store.ts'
import { secondsLeft } from './windows/windows.ts'

interface ChatIds {
  session_id: string
  intent_id: string
  plan_id: string
}

interface ChatState {
  /** Undefined when the database does not answer. */
  window: StoredWindow | null | undefined
  neighbours: Record<string, Neighbour>
  now: number
}

/** Eleven fields. Nothing is planned, so the words of the message do not matter and it is never WAITING. */
export function chatAnswer(ids: ChatIds, state: ChatState) {
  const { window, neighbours } = state
  const known = Object.entries(neighbours).filter(([, is]) => is === 'up' || is === 'down')
  const health = { step: 'SYSTEM_HEALTHCHECK', result: { madre: 'up', ...Object.fromEntries(known) } }
  const power = {
    step: 'POWER_STATE',
    result: { policy: window ? 'windowed' : 'solo_madre', window_id: window?.id ?? null },
  }
  return {
    response: sentences(state),
    ...ids,
    status: 'DONE',
    mode: 'MADRE',
    provider: 'fallback_local',
    model: null,
    warnings: ['no_model_answered', ...(window === undefined ? ['power_state_unknown'] : [])],
    targets: [],
    // As in the real madre, a step that failed is missing.
    actions: window === undefined ? [health] : [health, power],
  }
}

const sentences = ({ window, neighbours, now }: ChatState): string =>
  [
    'This is the embedded madre; no model answered, and nothing was done.',
    windowSentence(window, now),
    ...groups.flatMap(([state, words]) => {
      const services = servicesThatAre(state, neighbours)
      return services.length > 0 ? [`${words}: ${services.join(', ')}.`] : []
    }),
  ].join(' ')

const groups: readonly [Neighbour, string][] = [
  ['up', 'Up'],
  ['down', 'Not answering'],
  ['dormant', 'Not configured'],
  ['unknown', 'Not measured'],
]

function windowSentence(window: StoredWindow | null | undefined, now: number): string {
  if (window === undefined) return 'The power state is unknown, because the database does not answer.'
  if (window === null) return 'Mode: solo_madre, no power window is open.'
  const until =
    window.deadlineMs === null
      ? 'until it is closed'
      : `until ${isoMoment(window.deadlineMs)}, ${secondsLeft(window, now)} s from now`
  return `Mode: windowed. Window ${window.id} holds ${window.services.join(', ')} ${until}.`
}
