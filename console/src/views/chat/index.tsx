/** Conversations on the left, the one of the address in the middle, who may answer on the right. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { place } from '../../core/router.ts'
import { Conversation } from './conversation.tsx'
import { Providers } from './providers.tsx'
import { SessionList } from './session-list.tsx'
import './chat.css'

export default function Chat() {
  const id = place.value.id === 'new' ? null : place.value.id
  const sessions = useReading(() => read(vx11.operator.api.chat.sessions.$get({ query: {} })), { every: stored })
  return (
    <div class={`chat-view ${place.value.id ? 'in-conversation' : ''}`}>
      <SessionList sessions={sessions} current={id} />
      <Conversation key={id ?? 'new'} id={id} onChange={sessions.reload} />
      <Providers />
    </div>
  )
}
