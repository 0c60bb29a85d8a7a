/** Streams a conversation as Markdown or JSON, page by page at the reader's pace. */
import { zonedMoment } from '../../lib/moment.ts'
import { shownSessionId } from '../../modules/chat/exchanges/session-names.ts'
import type { ListedSession, MessageRow, SessionStore } from './session-store.ts'
import { describeMessage, describeSession } from './shapes.ts'

export type ExportFormat = 'markdown' | 'json'

export function exported(
  store: SessionStore,
  session: ListedSession,
  { principal, format }: { principal: string; format: ExportFormat },
): AsyncGenerator<string> {
  const rows = allMessages(store, session)
  return format === 'json' ? asJson(session, principal, rows) : asMarkdown(session, rows)
}

const pageSize = 100

async function* allMessages(store: SessionStore, session: ListedSession): AsyncGenerator<MessageRow> {
  for (let after = 0; ; ) {
    const page = await store.messagesAfter(session, after, pageSize)
    yield* page
    if (page.length < pageSize) return
    after = (page.at(-1)?.id ?? 0) + 1
  }
}

async function* asJson(session: ListedSession, principal: string, rows: AsyncIterable<MessageRow>) {
  const head = JSON.stringify({ ...describeSession(session), user_id: principal })
  yield `${head.slice(0, -1)},"messages":[`
  let separator = ''
  for await (const row of rows) {
    yield separator + JSON.stringify(describeMessage(row))
    separator = ','
  }
  yield ']}'
}

async function* asMarkdown(session: ListedSession, rows: AsyncIterable<MessageRow>) {
  const id = shownSessionId(session.sessionId)
  const title = (session.title ?? id).replaceAll(/\s+/g, ' ')
  yield `# ${title}\n\nSession \`${id}\`, ${session.messages} messages.\n`
  for await (const { role, content, createdAt } of rows)
    yield `\n## ${role}, ${zonedMoment(createdAt) ?? 'undated'}\n\n${content}\n`
}
