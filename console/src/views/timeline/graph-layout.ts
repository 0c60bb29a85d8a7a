/** Where the graph's rows and dots stand, and which of them have room for a word. */

interface Placed {
  id: string
  type: string
  timestamp: number
  correlation_id: string | null
}

export interface GraphRow<Node> {
  name: string
  correlationId: string | null
  nodes: readonly Node[]
  y: number
}

export interface Place {
  x: number
  y: number
  /** For the type's last word, above the dot. */
  hasRoom: boolean
}

export const [width, labelWidth] = [1000, 300]
const [rowHeight, firstRow, maxRows, wordWidth] = [46, 34, 12, 104]

export const height = (rows: readonly unknown[]): number => rows.length * rowHeight + firstRow + 10

/** The groups with the newest events; how many others there are. */
export function graphRows<Node extends Placed>(nodes: readonly Node[]): { rows: GraphRow<Node>[]; left: number } {
  const groups = [...Map.groupBy(nodes, (node) => node.correlation_id ?? node.type)]
  const newest = (group: readonly Node[]) => Math.max(...group.map(({ timestamp }) => timestamp))
  const shown = groups.toSorted(([, a], [, b]) => newest(b) - newest(a)).slice(0, maxRows)
  const rows = shown.map(([name, group], row) => ({
    ...{ name, correlationId: group[0]?.correlation_id ?? null },
    nodes: group.toSorted((a, b) => a.timestamp - b.timestamp),
    y: firstRow + row * rowHeight,
  }))
  return { rows, left: groups.length - shown.length }
}

export function placesOf(rows: readonly GraphRow<Placed>[]) {
  const moments = rows.flatMap(({ nodes }) => nodes.map(({ timestamp }) => timestamp))
  const [from, to] = [Math.min(...moments), Math.max(...moments)]
  const place = (ms: number) => {
    const share = to === from ? 0.5 : (ms - from) / (to - from)
    return labelWidth + 50 + share * (width - labelWidth - 112)
  }
  const places = new Map<string, Place>()
  for (const { nodes, y } of rows) {
    let taken = Number.NEGATIVE_INFINITY
    for (const { id, timestamp } of nodes) {
      const x = place(timestamp)
      const hasRoom = x - taken >= wordWidth
      if (hasRoom) taken = x
      places.set(id, { x, y, hasRoom })
    }
  }
  return { places, from, to }
}
