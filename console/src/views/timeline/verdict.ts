/** Why it failed, in a sentence, where only events are known: the first failure, and what came after it. */
import { t } from '../../texts/index.ts'
import type { Bar } from './bars.ts'

export function verdictOf(bars: readonly Bar[]): { failed: boolean; sentence: string } {
  const texts = t().timeline
  const failures = bars.filter(({ failed }) => failed)
  const first = failures[0]
  if (!first) return { failed: false, sentence: texts.nothingFailed }
  const later = bars.filter(
    ({ start, failed, kind }) =>
      !failed && start >= first.start && (kind === 'request' || kind === 'chat' || kind === 'routing'),
  )
  const parts = [texts.firstFailure(first.title, first.detail)]
  if (failures.length > 1) parts.push(texts.moreFailures(failures.length - 1))
  if (later.length > 0) parts.push(texts.wentOn(later[0]?.title ?? ''))
  return { failed: true, sentence: parts.join(' ') }
}
