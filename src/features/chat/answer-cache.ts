/** Caches a model's answer for a minute, by principal, session and message. */

import { sha256Hex } from '../../lib/sha256.ts'
import type { Answer } from '../../modules/chat/chain/answer.ts'
import type { Deps } from '../../ports/index.ts'
import type { ChatRequest } from './schema.ts'

export interface CachedAnswer {
  provider: string
  text: string
  reasoning: string
  model: string | null
}

/** A session that the caller did not name is a new one, so its answers are not shared. */
export interface AnswerOwner {
  principal: string
  mayAct: boolean
  sessionId: string
}

export interface AnswerCache {
  /** A hash, so that the message does not appear in the store's keys. */
  keyOf(owner: AnswerOwner, request: ChatRequest): string
  read(cacheKey: string): Promise<CachedAnswer | null>
  /** Runs in the background. */
  write(exchange: { cacheKey: string }, answer: Answer): void
}

const livesMs = 60_000

export const answerCache = ({ cache, background }: Pick<Deps, 'cache' | 'background'>): AnswerCache => {
  const keyOf = (owner: AnswerOwner, { message, disable_fallbacks, metadata }: ChatRequest) => {
    const { principal, mayAct, sessionId } = owner
    const parts = [principal, mayAct, sessionId, message, disable_fallbacks ?? false, metadata ?? {}]
    return `chat:${sha256Hex(JSON.stringify(parts))}`
  }
  return {
    keyOf,
    async read(cacheKey) {
      return (await cache.read<CachedAnswer>(cacheKey))?.value ?? null
    },
    write({ cacheKey }, { provider, text, reasoning, model }) {
      if (provider) background(cache.write(cacheKey, { provider: provider.name, text, reasoning, model }, livesMs))
    },
  }
}
