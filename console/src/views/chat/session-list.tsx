/** Your conversations, the newest first. */

import type { Reading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import type { Sessions } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'

export function SessionList({ sessions, current }: { sessions: Reading<Sessions>; current: string | null }) {
  const texts = t().chat
  return (
    <Panel
      title={texts.conversations}
      flush
      class="sessions"
      actions={
        <a class="button quiet" href={link('chat', 'new')}>
          <Icon name="plus" /> {texts.newShort}
        </a>
      }
    >
      <Answer of={sessions}>
        {(data) =>
          data.sessions.length === 0 ? (
            <Empty icon="chat" title={texts.noneYet} />
          ) : (
            <ul class="session-list">
              {data.sessions.map((session) => (
                <li key={session.session_id}>
                  <a
                    href={link('chat', session.session_id)}
                    aria-current={session.session_id === current ? 'page' : undefined}
                  >
                    <bdi>{plain(session.title ?? session.session_id, 80)}</bdi>
                    <span class="muted small">
                      <Time at={session.updated_at} ago /> · {texts.messages(session.message_count)}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}
