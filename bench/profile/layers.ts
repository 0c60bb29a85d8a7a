/** Divides the samples of a profile among the gateway's layers. */
import type { CpuProfile } from './inspector.ts'

/** In the order in which a request passes them. */
export const layers = [
  ...['server', 'router', 'guards', 'features', 'layers', 'transport', 'writes', 'log', 'metrics'],
  ...['native', 'gc', 'idle'],
] as const
export type Layer = (typeof layers)[number]

/** The first that fits names the layer; a frame that fits none belongs to its caller's layer. */
const bySource: readonly [RegExp, Layer][] = [
  [/\/src\/(adapters\/log|http\/.*access-log|entry\/.*log)/, 'log'],
  [/\/src\/(adapters\/prometheus|features\/metrics)|\/prom-client\//, 'metrics'],
  [/\/end-of-turn/, 'writes'],
  [/\/src\/adapters\/(node-http|http1|undici|fetch)|\/node_modules\/undici\//, 'transport'],
  [/\/src\/upstream\//, 'layers'],
  [/\/src\/http\/.*(router|routing)|\/node_modules\/hono\//, 'router'],
  [/\/src\/http\//, 'guards'],
  [/\/src\/(features|modules|policy)\//, 'features'],
  [/\/src\/entry\/|\/node_modules\/@hono\/node-server\//, 'server'],
]

/** How Node's sockets hand bytes to the kernel. */
const writing = /^(writev|write(Buffer|Latin1String|Utf8String|AsciiString|Ucs2String)|shutdown)$/

const special: Record<string, Layer> = { '(idle)': 'idle', '(garbage collector)': 'gc', '(program)': 'native' }

export interface Share<K> {
  key: K
  /** Of the samples in which the thread was not idle; the idle ones themselves are a part of all. */
  part: number
}

/**
 * By number of samples: a thread that waits for the processor is asked once when it has it again, so that time which
 * others had is not counted.
 */
export function layerShares(profile: CpuProfile): Share<Layer>[] {
  const layerOf = layersOfNodes(profile)
  const counts = new Map<Layer, number>(layers.map((layer) => [layer, 0]))
  for (const id of profile.samples ?? []) count(counts, layerOf.get(id) ?? 'native')
  const total = profile.samples?.length ?? 0
  const busy = total - (counts.get('idle') ?? 0)
  return layers.map((key) => ({ key, part: (counts.get(key) ?? 0) / (key === 'idle' ? total : busy) }))
}

/** The functions that took most by themselves, with where they were written. */
export function hottest(profile: CpuProfile, max: number): Share<string>[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const counts = new Map<string, number>()
  let busy = 0
  for (const id of profile.samples ?? []) {
    const frame = nodes.get(id)?.callFrame
    if (!frame || frame.functionName === '(idle)') continue
    busy++
    count(counts, placeOf(frame))
  }
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, max)
  return sorted.map(([key, n]) => ({ key, part: n / busy }))
}

function layersOfNodes({ nodes }: CpuProfile): Map<number, Layer> {
  const found = new Map<number, Layer>()
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const layerOf = (id: number): Layer => {
    const known = found.get(id)
    if (known) return known
    const { callFrame } = byId.get(id) ?? {}
    const parent = parents.get(id)
    const own = callFrame && ownLayer(callFrame)
    const layer = own ?? (parent === undefined ? 'native' : inherited(callFrame?.url ?? '', layerOf(parent)))
    found.set(id, layer)
    return layer
  }
  for (const { id } of nodes) layerOf(id)
  return found
}

type Frame = CpuProfile['nodes'][number]['callFrame']

function ownLayer({ functionName, url }: Frame): Layer | undefined {
  if (url === '') return special[functionName] ?? (writing.test(functionName) ? 'writes' : undefined)
  return bySource.find(([pattern]) => pattern.test(url))?.[1]
}

/** Node's code without a caller of ours is its HTTP server or a socket. */
const inherited = (url: string, parent: Layer): Layer =>
  parent === 'native' && url.startsWith('node:') ? 'server' : parent

function placeOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)'
  const short = /\/((?:src|node_modules)\/.*)$/.exec(url)?.[1] ?? url
  return short === '' ? name : `${name} ${short}:${lineNumber + 1}`
}

const count = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
