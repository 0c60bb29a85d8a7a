/** A stored conversation and its messages in VX11's shapes. */

import { parseObject } from '../../lib/json-text.ts'
import { zonedMoment } from '../../lib/moment.ts'
import { messageIdOf } from '../../modules/chat/exchanges/message-ids.ts'
import { shownSessionId } from '../../modules/chat/exchanges/session-names.ts'
import type { SessionMessage, SessionSummary } from './schema.ts'
import type { ListedSession, MessageRow } from './session-store.ts'

export const describeSession = ({
  sessionId,
  title,
  createdAt,
  updatedAt,
  messages,
}: ListedSession): SessionSummary => ({
  session_id: shownSessionId(sessionId),
  title,
  created_at: zonedMoment(createdAt),
  updated_at: zonedMoment(updatedAt),
  message_count: messages,
})

export const describeMessage = ({ id, role, content, metadata, createdAt }: MessageRow): SessionMessage => ({
  message_id: messageIdOf(id),
  role,
  content,
  timestamp: zonedMoment(createdAt),
  metadata: parseObject(metadata),
})
