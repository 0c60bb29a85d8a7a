/** Says in one sentence how a correlation went, and why. */
import type { SpanNode } from './nodes.ts'
import type { Correlation } from './schema.ts'

export type Verdict = 'failed' | 'slow' | 'refused' | 'cancelled' | 'ok' | null

/** Null where nothing was recorded that could have gone well or badly. */
export function worstOf(nodes: readonly SpanNode[], slowMs: number): Verdict {
  const whole = wholes(nodes)
  for (const outcome of ['failed', 'refused', 'cancelled'] as const)
    if (whole.some((node) => node.outcome === outcome)) return outcome
  if (whole.some((node) => isSlow(node, slowMs))) return 'slow'
  return whole.some(({ outcome }) => outcome === 'ok') ? 'ok' : null
}

/** The node that decided how it went, and how many others ended alike. */
export function becauseOf(nodes: readonly SpanNode[], slowMs: number): Correlation['because'] {
  const { verdict, first, others } = decidingNode(nodes, slowMs)
  const code = verdict === null ? 'nothing_recorded' : verdict === 'ok' ? 'all_well' : verdict
  return { code, node: first?.id ?? null, others }
}

export function whyOf(nodes: readonly SpanNode[], slowMs: number): string {
  const { verdict, first, others } = decidingNode(nodes, slowMs)
  if (verdict === null || !first)
    return `No work is recorded under this id, only ${counted(nodes.length, 'other entry', 'other entries')}.`
  if (verdict === 'ok') return `All went well; ${described(first)} took longest, ${took(first.durationMs)}.`
  const alike = others > 0 ? `; ${counted(others, 'other', 'others')} ended alike` : ''
  return `${described(first)} ${reasonOf(first, stepsOf(nodes, first), verdict)}${alike}.`
}

/** Where all went well, the one that took longest. */
function decidingNode(nodes: readonly SpanNode[], slowMs: number) {
  const verdict = worstOf(nodes, slowMs)
  const whole = wholes(nodes)
  if (verdict === null || verdict === 'ok') {
    const longest = whole.toSorted((one, other) => (other.durationMs ?? 0) - (one.durationMs ?? 0))[0]
    return { verdict, first: verdict === null ? undefined : longest, others: 0 }
  }
  const alike = whole.filter((node) => (verdict === 'slow' ? isSlow(node, slowMs) : node.outcome === verdict))
  return { verdict, first: alike[0], others: alike.length - 1 }
}

const wholes = (nodes: readonly SpanNode[]) => nodes.filter(({ kind }) => kind !== 'step' && kind !== 'event')
const stepsOf = (nodes: readonly SpanNode[], { id }: SpanNode) =>
  nodes.filter(({ kind, parent }) => kind === 'step' && parent === id)
const isSlow = ({ durationMs }: SpanNode, slowMs: number) => (durationMs ?? 0) >= slowMs

const described = ({ kind, name, target }: SpanNode): string =>
  kind === 'request' ? `${name} (${target})` : kind === 'chat' ? 'The chat' : `${target}: ${name}`

function reasonOf(
  { status, error, decision, durationMs }: SpanNode,
  steps: readonly SpanNode[],
  verdict: Verdict,
): string {
  const ended = [status === null ? null : String(status), error].filter(Boolean).join(' ')
  const how =
    verdict === 'slow'
      ? 'was slow'
      : verdict === 'cancelled'
        ? 'was left by its caller'
        : `was ${verdict === 'failed' ? 'a failure' : 'refused'}`
  const asked = steps.filter(({ outcome }) => outcome !== 'skipped')
  const tries = asked
    .slice(0, 4)
    .map(({ name, status: got, error: word, durationMs: ms }) => `${name} ${got ?? word} in ${took(ms)}`)
  const because = [...(tries.length > 0 ? [tries.join(', then ')] : []), ...(decision === null ? [] : [decision])]
  return `${how} after ${took(durationMs)}${ended ? ` with ${ended}` : ''}${because.length > 0 ? `: ${because.join('; ')}` : ''}`
}

const took = (ms: number | null): string =>
  ms === null ? 'an unknown time' : ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`

const counted = (count: number, one: string, many: string) => (count === 1 ? `one ${one}` : `${count} ${many}`)
