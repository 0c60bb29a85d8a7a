/** Stores questions and answers within a time that a caller does not mind, and says honestly whether it did. */

import { rootReason } from '../../lib/root-reason.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import { type Answer, askedOnes } from '../../modules/chat/chain/answer.ts'
import { exchanges, type NewQuestion, type OpenedExchange } from '../../modules/chat/exchanges/exchanges.ts'
import type { Deps } from '../../ports/index.ts'
import type { ChatEnvelope } from './schema.ts'

export interface ExchangeKeeper {
  /** `deleting`: the session is being deleted. False when the store said no, null when it said nothing in time. */
  keepQuestion(question: NewQuestion): Promise<OpenedExchange | 'deleting' | false | null>
  /** True when it is committed; false and null as above. */
  keepAnswer(answered: Answered): Promise<boolean | null>
}

interface Answered {
  row: number
  sessionName: string
  principal: string
  answer: Answer
  envelope: ChatEnvelope
}

const openingMs = 500
const keepingMs = 500

export function exchangeKeeper({ clock, database, log }: Pick<Deps, 'clock' | 'database' | 'log'>): ExchangeKeeper {
  const store = exchanges(database)
  const late = new Error('The database took too long.')

  async function inTime<T>(ms: number, work: () => Promise<T>): Promise<{ value: T } | false | null> {
    try {
      return { value: await withTimeout(clock, ms, work(), () => late) }
    } catch (error) {
      log.warn('chat_not_stored', { reason: rootReason(error) })
      return error === late ? null : false
    }
  }

  return {
    async keepQuestion(question) {
      const opened = await inTime(openingMs, () => store.open(question))
      return opened ? (opened.value ?? 'deleting') : opened
    },

    async keepAnswer({ row, sessionName, principal, answer, envelope }) {
      const { response, message: _message, reply: _reply, ...metadata } = { ...envelope, stored: true }
      const kept = await inTime(keepingMs, () =>
        store.keep({
          ...{ row, principal, sessionId: sessionName, correlationId: envelope.correlation_id },
          ...{ text: response, metadata: JSON.stringify(metadata), taskType: 'chat' },
          ...{ provider: answer.provider?.name ?? null, model: answer.model, costUsd: envelope.cost_usd },
          ...{
            totalTokens: answer.usage?.totalTokens ?? null,
            attempts: askedOnes(answer.attempts),
            atMs: clock.now(),
          },
        }),
      )
      return kept ? true : kept
    },
  }
}
