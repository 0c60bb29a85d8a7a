/** Madre's chat with a model, and without: words then decide the mode, and the answer is a template (contract madre/chat). */
import { randomUUID } from 'node:crypto'

const words = (list: string): readonly string[] => list.split(' ')
const destructive = words('delete remove drop destroy kill terminate reset wipe truncate erase stop pause halt')
const audio = words(
  'mix mezcla mixing blend master mastering audio reaper daw plugin stem render eq compress limiter shub engineer wave track normalize',
)

/** Substrings count, so that "request" is about audio and "skills" is dangerous, as in the real one. */
const mentions = (message: string, list: readonly string[]): boolean => list.some((word) => message.includes(word))

export function chatAnswer(message: string, sessionId: string | null | undefined) {
  const text = message.toLowerCase()
  const mode = mentions(text, audio) ? 'AUDIO_ENGINEER' : 'MADRE'
  const planId = randomUUID()
  const common = { session_id: sessionId || randomUUID(), intent_id: randomUUID(), plan_id: planId }
  const rest = { provider: 'fallback_local', model: 'local', warnings: [], targets: [] }
  if (mentions(text, destructive))
    return {
      response: `Confirmation required. Use plan_id ${planId} with its confirm_token.`,
      ...common,
      status: 'WAITING',
      mode: 'MADRE',
      ...rest,
      actions: [{ module: 'madre', action: 'awaiting_confirmation', reason: 'Risk level: HIGH' }],
    }
  const check = { step: 'SYSTEM_HEALTHCHECK', result: { tentaculo_link: 'up', madre: 'up' } }
  // The audio step calls a route that shub does not have; a failed step is simply missing.
  const actions = mode === 'MADRE' ? [check, { step: 'NOOP', result: { status: 'noop' } }] : [check]
  return { response: `Plan executed. Mode: ${mode}. Status: DONE`, ...common, status: 'DONE', mode, ...rest, actions }
}

export const modelAnswer = (response: string, sessionId: string | null | undefined) => ({
  response,
  ...{ session_id: sessionId || randomUUID(), intent_id: randomUUID(), plan_id: randomUUID() },
  ...{ status: 'DONE', mode: 'MADRE', provider: 'deepseek', model: 'deepseek-reasoner' },
  ...{ warnings: [], targets: [], actions: [] },
})
