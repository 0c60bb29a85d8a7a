/** What an answer cost, by the prices that the operator configured. */
import type { Config } from '../../../config/config.ts'
import type { TokenUsage } from '../providers/provider.ts'

const perMillion = 1_000_000

/** US dollars; null without a price or without both token counts. */
export function costOf(
  prices: Config['chat']['prices'],
  model: string | null,
  usage: TokenUsage | null,
): number | null {
  const price = model === null ? undefined : prices.get(model)
  if (!price || usage?.promptTokens == null || usage.completionTokens == null) return null
  return (usage.promptTokens * price.input + usage.completionTokens * price.output) / perMillion
}
