/** One conversation: what was said, what is being said, and the field to say more. */
import { useEffect, useRef } from 'preact/hooks'
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Session } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Failure, Loading } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Composer } from './composer.tsx'
import { useExchange } from './exchange.ts'
import { Message, StreamedMessage } from './message.tsx'
import { SessionActions } from './session-actions.tsx'

export function Conversation({ id, onChange }: { id: string | null; onChange: () => Promise<void> }) {
  const texts = t().chat
  const exchange = useExchange(id, async () => {
    await Promise.all([session.reload(), onChange()])
  })
  const session = useReading(() => (id ? readSession(id) : Promise.resolve(null)), {
    key: id ?? 'new',
    every: id && exchange.question === null ? stored : undefined,
  })
  const messages = session.data?.messages ?? []
  const end = useRef<HTMLDivElement>(null)
  const spoken = exchange.running ? exchange.text.length + exchange.reasoning.length : 0
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [messages.length, spoken, exchange.question])
  const loading = session.data === undefined && !session.problem
  return (
    <Panel
      title={plain(session.data?.title ?? (id ? texts.conversation : texts.new), 100)}
      class="conversation"
      actions={
        id && session.data ? (
          <SessionActions id={id} title={session.data.title} onChange={onChange} reload={session.reload} />
        ) : null
      }
    >
      <div class="messages" role="log" aria-label={texts.conversation} tabIndex={0}>
        {loading ? <Loading /> : null}
        {session.problem ? <Failure problem={session.problem} retry={() => void session.reload()} /> : null}
        {!loading && messages.length === 0 && !exchange.question ? <Welcome /> : null}
        {session.data?.has_more ? <p class="muted small">{texts.olderInExport}</p> : null}
        {messages.map((message) => (
          <Message key={message.message_id} message={message} reload={session.reload} />
        ))}
        <StreamedMessage exchange={exchange} />
        <div ref={end} />
      </div>
      <Composer exchange={exchange} />
    </Panel>
  )
}

const readSession = (id: string): Promise<Session> =>
  read(vx11.operator.session[':session_id'].$get({ param: { session_id: id } })) as Promise<Session>

function Welcome() {
  const texts = t().chat
  return (
    <div class="welcome">
      <Icon name="chat" size={30} />
      <h2>{texts.welcome}</h2>
      <p class="muted">{texts.welcomeMeans}</p>
      <p class="muted small">{texts.commands}</p>
    </div>
  )
}
