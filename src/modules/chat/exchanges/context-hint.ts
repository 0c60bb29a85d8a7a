/** CONTEXT-7: what a conversation was about, in a few fields that VX11's modules know (contract chat/context-7). */
import type { Question, Turn } from '../providers/provider.ts'

export interface ContextHint {
  context_summary: string
  session_signature: string
  topic_cluster: string
  compressed_context: string
  last_messages: readonly Turn[]
  message_count: number
}

/** Messages that a hint is derived from; a session keeps more. */
export const hintedMessages = 50

/** The hint of a message that is being sent; it is in there already. */
export function contextHint({ history, message }: Pick<Question, 'history' | 'message'>): ContextHint {
  const sent: Turn = { role: 'user', content: message }
  return hintOf([...history, sent].slice(-hintedMessages))
}

const hintOf = (turns: readonly Turn[]): ContextHint => ({
  context_summary: conversationSummary(turns, 256),
  session_signature: signatureOf(turns),
  topic_cluster: clusterOf(turns),
  compressed_context: turns
    .slice(-5)
    .map(({ content }) => first(content, 20))
    .join(' | '),
  last_messages: turns.slice(-4),
  message_count: turns.length,
})

/** At most `limit` code points, and `...` where some are missing. */
export function conversationSummary(turns: readonly Turn[], limit: number): string {
  const lines = turns.slice(-3).map(({ role, content }) => `${role}: ${first(content, 100)}`)
  const text = lines.join('\n')
  const cut = first(text, limit)
  return cut === text ? text : `${cut}...`
}

const signatureOf = (turns: readonly Turn[]) =>
  turns.length === 0 ? 'Empty' : `Msgs:${turns.length} Last:${first(turns.at(-1)?.content ?? '', 30)}...`

/** By whole words: as substrings, `hi` is in `this` and `class` in `classic`. The first that fits. */
const clusters: readonly (readonly [name: string, words: RegExp])[] = [
  ['code', /\b(code|python|typescript|javascript|function|class|bug|debug|script|codigo|código|funcion|función)\b/],
  ['audio', /\b(audio|mix|mixing|master|mastering|song|track|mezcla|pista|sonido|reaper)\b/],
  ['browser', /\b(browser|web|url|page|navegador|pagina|página)\b/],
  ['system', /\b(system|status|service|module|window|power|sistema|estado|servicio|modulo|módulo|ventana)\b/],
  ['chat', /\b(hi|hello|hey|thanks|hola|gracias|buenas)\b/],
]

function clusterOf(turns: readonly Turn[]): string {
  const text = turns
    .slice(-3)
    .map(({ content }) => content.toLowerCase())
    .join('\n')
  return clusters.find(([, words]) => words.test(text))?.[0] ?? 'general'
}

/** By code points, so that no character is cut in two. */
const first = (text: string, count: number): string => [...text.slice(0, 2 * count)].slice(0, count).join('')
