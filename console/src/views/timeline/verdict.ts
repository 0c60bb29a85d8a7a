/** How a correlation went, and why, in a sentence of the chosen language: by the node that decided it. */
import { t } from '../../texts/index.ts'
import { milliseconds } from '../../ui/format.ts'
import { type Bar, type Correlation, decisionWords, type TreeNode } from './bars.ts'
import { errorWords } from './error-words.ts'

export interface Verdict {
  tone: 'ok' | 'warn' | 'bad'
  sentence: string
}

const maxTries = 4

export function verdictOf(correlation: Correlation, bars: readonly Bar[]): Verdict {
  const { because, nodes } = correlation
  const node = nodes.find(({ id }) => id === because.node)
  if (!node || because.code === 'nothing_recorded') return verdictOfEvents(bars)
  const texts = t().timeline.why
  const what = described(node)
  if (because.code === 'all_well') return { tone: 'ok', sentence: texts.all_well(what, milliseconds(node.duration_ms)) }
  const ended = [node.status, node.error && errorWords(node.error)].filter(Boolean).join(', ')
  const reasons = [triesOf(node, nodes), decisionWords(node)].filter(Boolean).join('; ')
  const sentence = [
    texts[because.code](what, milliseconds(node.duration_ms), ended),
    reasons ? `: ${reasons}.` : '.',
    because.others > 0 ? ` ${texts.others(because.others)}` : '',
  ].join('')
  return { tone: because.code === 'failed' ? 'bad' : 'warn', sentence }
}

const described = ({ kind, name, target }: TreeNode): string =>
  kind === 'request' ? `${name} (${target})` : kind === 'chat' ? t().timeline.kinds.chat : `${target}: ${name}`

function triesOf({ id }: TreeNode, nodes: readonly TreeNode[]): string {
  const steps = nodes.filter(({ kind, parent, outcome }) => kind === 'step' && parent === id && outcome !== 'skipped')
  const told = steps
    .slice(0, maxTries)
    .map(({ name, status, error, duration_ms }) =>
      t().timeline.why.try(name, String(status ?? errorWords(error ?? '')), milliseconds(duration_ms)),
    )
  return told.join(t().timeline.why.next)
}

/** Where only events are known: the first failure, and what came after it. */
function verdictOfEvents(bars: readonly Bar[]): Verdict {
  const texts = t().timeline
  const failures = bars.filter(({ failed }) => failed)
  const first = failures[0]
  if (!first) return { tone: 'ok', sentence: texts.nothingFailed }
  const parts = [texts.firstFailure(first.title, first.detail)]
  if (failures.length > 1) parts.push(texts.moreFailures(failures.length - 1))
  return { tone: 'bad', sentence: parts.join(' ') }
}
