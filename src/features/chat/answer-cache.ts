/** Caches a model's answer for a minute, by principal, session and message. */

import { sha256Hex } from '../../lib/sha256.ts'
import type { Answer } from '../../modules/chat/chain/answer.ts'
import type { ProviderName } from '../../modules/chat/providers/provider.ts'
import type { Deps } from '../../ports/index.ts'
import type { ChatRequest } from './schema.ts'

export interface CachedAnswer {
  provider: ProviderName
  text: string
  reasoning: string
  model: string | null
}

export interface AnswerCache {
  /** A hash, so that the message does not appear in the store's keys. */
  keyOf(principal: string, request: ChatRequest): string
  read(principal: string, request: ChatRequest): Promise<CachedAnswer | null>
  /** Runs in the background. */
  write(exchange: { cacheKey: string }, answer: Answer): void
}

const livesMs = 60_000

export const answerCache = ({ cache, background }: Pick<Deps, 'cache' | 'background'>): AnswerCache => {
  const keyOf = (principal: string, { session_id, message, disable_fallbacks, metadata }: ChatRequest) =>
    `chat:${sha256Hex(JSON.stringify([principal, session_id ?? null, message, disable_fallbacks ?? false, metadata ?? {}]))}`
  return {
    keyOf,
    async read(principal, request) {
      return (await cache.read<CachedAnswer>(keyOf(principal, request)))?.value ?? null
    },
    write({ cacheKey }, { provider, text, reasoning, model }) {
      if (provider) background(cache.write(cacheKey, { provider: provider.name, text, reasoning, model }, livesMs))
    },
  }
}
