/** Builds the graph of the events of the last five minutes. */
import type { Deps, StoredEvent } from '../../ports/index.ts'
import { correlationGraph, forGraph, isInGraph } from './graph.ts'
import type { CorrelationGraph } from './schema.ts'

const graphWindowMs = 300_000
export const maxNodes = 500
const pageEvents = 500
/** Bounds the work when most events are not nodes, and when they are large. */
const maxEvents = 5000
const maxPages = 40

export async function readGraph({ clock, events }: Pick<Deps, 'clock' | 'events'>): Promise<CorrelationGraph> {
  const now = clock.now()
  const { found, truncated } = await newestInGraph({ clock, events }, now - graphWindowMs)
  const { nodes, edges } = correlationGraph(found.toReversed())
  return {
    status: 'ok',
    timestamp: now,
    window_seconds: graphWindowMs / 1000,
    graph: { nodes, edges, total_nodes: nodes.length, total_edges: edges.length },
    truncated,
  }
}

async function newestInGraph({ clock, events }: Pick<Deps, 'clock' | 'events'>, sinceMs: number) {
  const found: StoredEvent[] = []
  let before: number | undefined
  let looked = 0
  for (let pages = 0; pages < maxPages && looked < maxEvents && found.length <= maxNodes; pages++) {
    if (pages > 0) await clock.sleep(0)
    const page = await events.read({
      ...{ sinceMs, limit: pageEvents, order: 'newest_first' },
      ...(before !== undefined && { before }),
    })
    looked += page.events.length
    found.push(...page.events.filter(isInGraph).map(forGraph))
    if (page.next === null) return { found: found.slice(0, maxNodes), truncated: found.length > maxNodes }
    before = page.next
  }
  return { found: found.slice(0, maxNodes), truncated: true }
}
