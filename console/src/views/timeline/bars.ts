/** The nodes of a correlation as bars: when they began, how long they took, whether they failed. */

import type { Correlation, TreeNode } from '../../../../src/features/correlations/tree/schema.ts'
import { t, word } from '../../texts/index.ts'
import { summaryOf } from '../../ui/said.tsx'
import { errorWords } from './error-words.ts'

export type { Correlation, TreeNode } from '../../../../src/features/correlations/tree/schema.ts'
export type Kind = TreeNode['kind']

export interface Bar {
  key: string
  kind: Kind
  depth: number
  start: number
  end: number
  title: string
  detail: string
  /** Of the detail, where it is not the page's. */
  lang?: 'en' | undefined
  failed: boolean
  eventId: number | null
}

/** Deeper ones stand where there is still room for words. */
const maxDepth = 6

export function barsOf({ started_at, nodes }: Correlation): Bar[] {
  const from = started_at === null ? Number.NaN : Date.parse(started_at)
  return nodes.flatMap((node) => {
    if (node.start_ms === null || Number.isNaN(from)) return []
    const start = from + node.start_ms
    return [
      {
        ...{ key: node.id, kind: node.kind, depth: Math.min(node.depth, maxDepth), eventId: node.event_id },
        ...{ start, end: start + (node.duration_ms ?? 0), failed: hasFailed(node), ...wordsOf(node) },
      },
    ]
  })
}

const alarming = ['warn', 'crit']

const hasFailed = ({ outcome, severity }: TreeNode) => outcome === 'failed' || alarming.includes(severity ?? '')

/** What the gateway decided, in the chosen language; older records and other parts have only their own words. */
export const decisionWords = ({ decisions, decision }: TreeNode): string =>
  decisions.length === 0
    ? (decision ?? '')
    : decisions.map(({ code, values }) => t().timeline.decisions[code](values)).join(', ')

function wordsOf(node: TreeNode): Pick<Bar, 'title' | 'detail' | 'lang'> {
  const { kind, name, target, status, error, outcome, decision } = node
  if (kind === 'event') {
    const { text, lang } = summaryOf({ type: name, summary: decision ?? '' })
    return { title: name, detail: text, lang }
  }
  const skipped = outcome === 'skipped' ? t().states.skipped : null
  const ended = [status, error === null ? null : errorWords(error), skipped].filter((part) => part !== null).join(' ')
  const plainEnd = outcome === null ? null : word(t().states, outcome)
  const told = [kind === 'step' || kind === 'chat' ? null : name, ended || plainEnd, decisionWords(node)]
  const title = kind === 'step' ? name : kind === 'chat' ? `chat · ${target}` : (target ?? name)
  return { title, detail: told.filter((part) => part !== null && part !== '').join(' · ') }
}
