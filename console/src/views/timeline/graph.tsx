/** What belongs together: a row for each group, time from left to right, edges by stated relation or by shared id. */

import type { CorrelationGraph } from '../../../../src/features/debug/schema.ts'
import { link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { plain } from '../../ui/hostile-text.ts'
import { toneOf } from '../../ui/state.tsx'
import { clockText } from '../../ui/time.tsx'
import { type GraphRow, graphRows, height, labelWidth, type Place, placesOf, width } from './graph-layout.ts'

type Node = CorrelationGraph['graph']['nodes'][number]
type Edge = CorrelationGraph['graph']['edges'][number]

export function Graph({ nodes, edges }: { nodes: readonly Node[]; edges: readonly Edge[] }) {
  const { rows, left } = graphRows(nodes)
  const { places, from, to } = placesOf(rows)
  const texts = t().timeline
  return (
    <>
      <div class="graph-frame" tabIndex={0} role="group" aria-label={texts.graph}>
        <svg class="graph" viewBox={`0 0 ${width} ${height(rows)}`} role="group" aria-label={texts.graph}>
          {rows.map((row) => (
            <RowLine key={row.name} row={row} />
          ))}
          {edges.map((edge) => {
            const [start, end] = [places.get(edge.from), places.get(edge.to)]
            if (!start || !end) return null
            return (
              <path
                key={`${edge.from}-${edge.to}-${edge.kind}`}
                class={`graph-edge ${edge.kind}`}
                d={`M${start.x} ${start.y}Q${(start.x + end.x) / 2} ${Math.min(start.y, end.y) - 18} ${end.x} ${end.y}`}
              />
            )
          })}
          {rows.flatMap((row) => row.nodes.map((node) => <Dot key={node.id} node={node} at={places.get(node.id)} />))}
          <text class="graph-moment" x={labelWidth} y={height(rows) - 6}>
            {clockText(from)}
          </text>
          <text class="graph-moment" x={width - 12} y={height(rows) - 6} text-anchor="end">
            {clockText(to)}
          </text>
        </svg>
      </div>
      {left > 0 ? <p class="muted small">{texts.graphLeft(left)}</p> : null}
    </>
  )
}

function RowLine({ row: { name, correlationId, y } }: { row: GraphRow<Node> }) {
  const label = (
    <text class="graph-label" x="8" y={y + 4}>
      {shortened(name)}
      <title>{plain(name, 128)}</title>
    </text>
  )
  return (
    <g>
      <path class="graph-row" d={`M${labelWidth} ${y}H${width - 12}`} />
      {correlationId === null ? label : <a href={link('timeline', correlationId)}>{label}</a>}
    </g>
  )
}

/** As long as there is room; a UUID stays whole. */
function shortened(name: string): string {
  const text = plain(name, 128)
  return text.length > 37 ? `${text.slice(0, 36)}…` : text
}

function Dot({ node, at }: { node: Node; at: Place | undefined }) {
  if (!at) return null
  const name = `${plain(node.type, 60)} · ${plain(node.correlation_id ?? node.id, 80)}`
  const href = node.correlation_id
    ? link('timeline', node.correlation_id)
    : link('events', null, { text: node.event_id })
  return (
    <a href={href} aria-label={name}>
      <circle cx={at.x} cy={at.y} r="7" class={`tone-${toneOf(node.severity)}`}>
        <title>{name}</title>
      </circle>
      {at.hasRoom ? (
        <text class="graph-type" x={at.x} y={at.y - 12} text-anchor="middle">
          {plain(node.type.split('.').at(-1) ?? node.type, 16)}
        </text>
      ) : null}
    </a>
  )
}
