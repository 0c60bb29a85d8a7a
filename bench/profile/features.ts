/** What a request pays for features that it does not use: the time within their files, whatever they call. */
import type { CpuProfile } from './inspector.ts'
import type { Share } from './layers.ts'

/** Off, or without work, for a proxied request of the bench. */
const bySource = {
  'waking modules, schedules': /\/src\/(http\/wake|features\/windows\/wake|config\/wake|modules\/power\/told-use)/,
  'timelines, correlations': /\/src\/(modules\/timeline|features\/correlations|http\/proxy\/recorded)/,
  'several addresses, hedges': /\/src\/upstream\/addresses\//,
  'rotation of models': /\/src\/(modules|features)\/chat\/rotation\//,
  'predictions and forecasts': /\/src\/(modules\/(forecast|health-history)|features\/forecasts)\//,
  'drift audit': /\/src\/features\/truth\/drift\//,
  'stale answers': /\/src\/(config\/stale|features\/status\/view-reader)/,
} as const
type Feature = keyof typeof bySource

/** Parts of the samples in which the thread was not idle. */
export function unusedShares(profile: CpuProfile): Share<Feature>[] {
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const known = new Map<number, Feature | null>()
  const featureOf = (id: number): Feature | null => {
    const found = known.get(id)
    if (found !== undefined) return found
    const parent = parents.get(id)
    const feature = named(nodes.get(id)?.url ?? '') ?? (parent === undefined ? null : featureOf(parent))
    known.set(id, feature)
    return feature
  }
  const busy = (profile.samples ?? []).filter((id) => nodes.get(id)?.functionName !== '(idle)')
  const counts = Map.groupBy(busy, featureOf)
  return features.map((key) => ({ key, part: (counts.get(key)?.length ?? 0) / Math.max(1, busy.length) }))
}

const features = Object.keys(bySource) as Feature[]
const named = (url: string): Feature | undefined => features.find((feature) => bySource[feature].test(url))
