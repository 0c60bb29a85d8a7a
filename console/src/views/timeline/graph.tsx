/** What belongs together: time from left to right, a row for each group, edges by parent or by shared id. */

import type { CorrelationGraph } from '../../../../src/features/debug/schema.ts'
import { link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { plain } from '../../ui/hostile-text.ts'
import { toneOf } from '../../ui/state.tsx'

type Node = CorrelationGraph['graph']['nodes'][number]
type Edge = CorrelationGraph['graph']['edges'][number]
const [width, rowHeight, maxRows] = [1000, 46, 12]

export function Graph({ nodes, edges }: { nodes: readonly Node[]; edges: readonly Edge[] }) {
  const places = placesOf(nodes)
  const height = (Math.min(maxRows, new Set([...places.values()].map(({ y }) => y)).size) || 1) * rowHeight + 10
  return (
    <svg class="graph" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t().timeline.graph}>
      {edges.map((edge) => {
        const [from, to] = [places.get(edge.from), places.get(edge.to)]
        if (!from || !to) return null
        return (
          <path
            key={`${edge.from}-${edge.to}-${edge.kind}`}
            class={`graph-edge ${edge.kind}`}
            d={`M${from.x} ${from.y}Q${(from.x + to.x) / 2} ${Math.min(from.y, to.y) - 18} ${to.x} ${to.y}`}
          />
        )
      })}
      {nodes.map((node) => {
        const at = places.get(node.id)
        if (!at) return null
        const name = `${plain(node.type, 60)} · ${plain(node.correlation_id ?? node.id, 80)}`
        const dot = (
          <circle cx={at.x} cy={at.y} r="7" class={`tone-${toneOf(node.severity)}`}>
            <title>{name}</title>
          </circle>
        )
        return (
          <a
            key={node.id}
            href={
              node.correlation_id
                ? link('timeline', node.correlation_id)
                : link('events', null, { text: node.event_id })
            }
            aria-label={name}
          >
            {dot}
          </a>
        )
      })}
    </svg>
  )
}

function placesOf(nodes: readonly Node[]): Map<string, { x: number; y: number }> {
  const [from, to] = [
    Math.min(...nodes.map(({ timestamp }) => timestamp)),
    Math.max(...nodes.map(({ timestamp }) => timestamp)),
  ]
  const rows = new Map<string, number>()
  return new Map(
    nodes.map((node) => {
      const group = node.correlation_id ?? node.type
      const row = rows.get(group) ?? rows.size % maxRows
      rows.set(group, row)
      const share = to === from ? 0.5 : (node.timestamp - from) / (to - from)
      return [node.id, { x: 24 + share * (width - 48), y: 28 + row * rowHeight }] as const
    }),
  )
}
