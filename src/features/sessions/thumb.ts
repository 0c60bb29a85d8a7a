/** An operator's thumb on an answer: kept with the answer, and learned of its model. */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { onDatabase } from '../../db/database-timeout.ts'
import { operatorMessage } from '../../db/schema/operator.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { parseObject } from '../../lib/json-text.ts'
import { zonedMoment } from '../../lib/moment.ts'
import { rowOfMessageId } from '../../modules/chat/exchanges/message-ids.ts'
import { type Thumb, thumbs } from '../../modules/chat/rotation/observation.ts'
import type { Rotation } from '../../modules/chat/rotation/rotation.ts'
import type { Deps } from '../../ports/index.ts'
import { type MessageRow, sessionStore } from './session-store.ts'

export const ThumbRequest = v.object({
  /** Null takes it back. */
  thumb: v.nullable(v.picklist(thumbs)),
})

export const ThumbKept = v.object({
  message_id: v.string(),
  thumb: v.nullable(v.picklist(thumbs)),
  /** The model that it counts for; null where rotation is off, no model answered, or the answer is too old. */
  counts_for: v.nullable(v.string()),
  correlation_id: v.string(),
})

export type ThumbDeps = Pick<Deps, 'clock' | 'database' | 'log'> & { chat: { rotation: Pick<Rotation, 'judge'> } }

const StoredEnvelope = v.object({
  thumb: v.fallback(v.optional(v.nullable(v.picklist(thumbs)), null), null),
  decision: v.fallback(v.optional(v.object({ answered_by: v.nullable(v.string()) })), undefined),
})

const maxTries = 5

/** The model that the thumb counts for. Rejects with message_not_found or database_unavailable. */
export async function keepThumb(
  deps: ThumbDeps,
  principal: string,
  messageId: string,
  thumb: Thumb | null,
): Promise<string | null> {
  const row = rowOfMessageId(messageId)
  for (let tries = 0; row !== null && tries < maxTries; tries++) {
    const found = await onDatabase(deps, () => sessionStore(deps.database).findMessage(principal, row))
    const envelope = v.safeParse(StoredEnvelope, found && parseObject(found.metadata))
    if (!found || !envelope.success) break
    const { thumb: before, decision } = envelope.output
    if (!(await replaceThumb(deps, found, thumb))) continue
    const [model, at] = [decision?.answered_by ?? null, Date.parse(zonedMoment(found.createdAt) ?? '')]
    const isLearned = model !== null && deps.chat.rotation.judge(model, { before, now: thumb }, at)
    return isLearned ? model : null
  }
  throw new GatewayError('message_not_found')
}

/** False when somebody else changed the answer's envelope meanwhile. */
async function replaceThumb(deps: ThumbDeps, { id, metadata }: MessageRow, thumb: Thumb | null): Promise<boolean> {
  const messageMetadata = JSON.stringify({ ...parseObject(metadata), thumb })
  const unchanged = sql`${operatorMessage.messageMetadata} is ${metadata}`
  const written = await onDatabase(deps, (db) =>
    db
      .update(operatorMessage)
      .set({ messageMetadata })
      .where(and(eq(operatorMessage.id, id), unchanged) as SQL)
      .returning({ id: operatorMessage.id }),
  )
  return written.length > 0
}
