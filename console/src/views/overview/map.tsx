/** Who calls whom: stores on the left, the gateway in the middle, services on the right. */
import { link } from '../../core/router.ts'
import { truthName } from '../../core/services.ts'
import type { Status, Topology } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { milliseconds } from '../../ui/format.ts'
import { toneOf } from '../../ui/state.tsx'
import { type Box, layout } from './map-layout.ts'

/** The states are those of `status`, as in the table beside it; the drawing is asked for more seldom. */
export function ServiceMap({ topology, status }: { topology: Topology; status: Status | undefined }) {
  const { edges } = topology.graph
  const services: Partial<Status['core_services']> = { ...status?.core_services, ...status?.optional_services }
  const nodes = topology.graph.nodes.map((node) => ({ ...node, ...services[node.id] }))
  const { boxes, height } = layout(
    nodes.map(({ id }) => id),
    edges,
  )
  const stateOf = (id: string) => nodes.find((node) => node.id === id)?.status
  return (
    <svg class="map" viewBox={`0 0 1040 ${height}`} role="group" aria-label={t().overview.map}>
      {edges.map((edge) => {
        const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)]
        if (!from || !to) return null
        return (
          <path key={`${edge.from}-${edge.to}`} class={`edge tone-${toneOf(stateOf(edge.to))}`} d={curve(from, to)}>
            <title>{`${edge.from} → ${edge.to} (${edge.transport})`}</title>
          </path>
        )
      })}
      {nodes.map((node) => {
        const box = boxes.get(node.id)
        return box ? <MapNode key={node.id} node={node} box={box} /> : null
      })}
    </svg>
  )
}

function MapNode({ node, box }: { node: Topology['graph']['nodes'][number]; box: Box }) {
  const state = word(t().states, node.status)
  const reason =
    node.status === 'OFF_BY_POLICY' ? t().reasons.off_by_policy : node.reason && word(t().reasons, node.reason)
  const detail = [state, node.latency_ms === null ? null : milliseconds(node.latency_ms)].filter(Boolean).join(' · ')
  const isStore = node.id === 'database' || node.id === 'redis'
  return (
    <a href={isStore ? link('database') : link('truth', truthName(node.id))}>
      <g
        class={`node tone-${toneOf(node.status)} ${node.status === 'DORMANT' || node.status === 'ARCHIVED' ? 'faint' : ''}`}
        transform={`translate(${box.x} ${box.y})`}
      >
        <title>{`${node.id}: ${detail}${reason ? ` – ${reason}` : ''}`}</title>
        <rect class="box" width={box.width} height={box.height} rx="10" />
        <rect class="stripe" x="0" y="10" width="4" height={box.height - 20} rx="2" />
        <text class="name" x="18" y="25">
          {node.id}
        </text>
        <text class="detail" x="18" y="44">
          {detail}
        </text>
      </g>
    </a>
  )
}

/** From the side that faces the other box. */
function curve(from: Box, to: Box): string {
  const forward = to.x >= from.x
  const [x1, y1] = [forward ? from.x + from.width : from.x, from.y + from.height / 2]
  const [x2, y2] = [forward ? to.x : to.x + to.width, to.y + to.height / 2]
  const bend = Math.max(40, Math.abs(x2 - x1) / 2) * (forward ? 1 : -1)
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
