/** Orders nodes as a waterfall shows them: by time, each followed by what is below it. */
import type { SpanNode } from './nodes.ts'

/** What one answer holds; the newest work was chosen before. */
export const maxTreeNodes = 1000

/** Without recursion: how deep a tree is was decided by callers. */
export function inTreeOrder(nodes: readonly SpanNode[]): {
  nodes: (SpanNode & { depth: number })[]
  truncated: boolean
} {
  const below = Map.groupBy(nodes, ({ parent }) => parent)
  const open = pushable(below.get(null), 0)
  const ordered: (SpanNode & { depth: number })[] = []
  for (let next = open.pop(); next && ordered.length < maxTreeNodes; next = open.pop()) {
    ordered.push(next)
    open.push(...pushable(below.get(next.id), next.depth + 1))
  }
  return { nodes: ordered, truncated: nodes.length > ordered.length }
}

/** The earliest last, where it is taken first. */
const pushable = (nodes: readonly SpanNode[] = [], depth: number) =>
  nodes
    .map((node) => ({ ...node, depth }))
    .sort((one, other) => (one.startMs ?? 0) - (other.startMs ?? 0))
    .reverse()
