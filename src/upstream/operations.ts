/** Time limits and purposes of an upstream's operations, by method and path. */
import type { Config, PeerName } from '../config/config.ts'
import type { AskPurpose, TimeLimits, Upstream, UpstreamInit } from '../ports/index.ts'
import { defaultLimits } from './target.ts'

export interface Operation {
  limits: TimeLimits
  purpose?: AskPurpose
}

/** A path that ends in `*` is a prefix. Exact paths win over prefixes, then the first match wins. */
interface OperationRule {
  method?: string
  path: string
  firstByteMs?: number
  purpose?: AskPurpose
}

/** Madre starts and stops a window's services one after the other (contract upstreams/durations). */
export const windowFirstByteMs = (services: number): number => Math.max(60_000, 35_000 * services)

const everywhere: readonly OperationRule[] = [
  { path: '/health', firstByteMs: 2000, purpose: 'health' },
  { path: '/ready', firstByteMs: 3000, purpose: 'health' },
  { path: '/status', firstByteMs: 5000 },
]

/** A window's services are in a body that a proxy does not read, so the limit assumes the whole allow-list. */
function operationRules(name: PeerName, windowServices: number): readonly OperationRule[] {
  const windowMs = windowFirstByteMs(windowServices)
  const own: Partial<Record<PeerName, readonly OperationRule[]>> = {
    shub: [
      { method: 'POST', path: '/api/analyze', firstByteMs: 30_000 },
      { method: 'POST', path: '/api/mastering', firstByteMs: 60_000 },
      { method: 'POST', path: '/api/batch/submit', firstByteMs: 120_000 },
    ],
    madre: [
      { method: 'POST', path: '/madre/power/window/open', firstByteMs: windowMs, purpose: 'admin' },
      { method: 'POST', path: '/madre/power/window/close', firstByteMs: windowMs, purpose: 'admin' },
      { method: 'POST', path: '/madre/chat', firstByteMs: 45_000 },
      { path: '/madre/power/*', purpose: 'admin' },
    ],
    switch: [
      { method: 'POST', path: '/switch/chat', firstByteMs: 35_000 },
      { method: 'POST', path: '/switch/task', firstByteMs: 65_000 },
    ],
  }
  return [...everywhere, ...(own[name] ?? [])]
}

/** Adds an operation's limits and purpose to a request that has none. */
export function withOperations(next: Upstream, name: PeerName, config: Pick<Config, 'windowServices'>): Upstream {
  const find = operationFinder(operationRules(name, config.windowServices.length))
  return (target, init) => {
    const operation = find(init.method, target)
    const limits = init.limits ? { ...operation.limits, ...init.limits } : operation.limits
    const purpose = init.purpose ?? operation.purpose
    const known: UpstreamInit = { ...init, limits }
    if (purpose) known.purpose = purpose
    return next(target, known)
  }
}

const unknownOperation: Operation = { limits: defaultLimits }

function operationFinder(rules: readonly OperationRule[]): (method: string, target: string) => Operation {
  const exact = new Map<string, { method: string | undefined; operation: Operation }>()
  const prefixes: { prefix: string; operation: Operation }[] = []
  for (const { method, path, firstByteMs = defaultLimits.firstByteMs, purpose } of rules) {
    const operation: Operation = { limits: { ...defaultLimits, firstByteMs }, ...(purpose && { purpose }) }
    if (path.endsWith('*')) prefixes.push({ prefix: path.slice(0, -1), operation })
    else exact.set(path, { method, operation })
  }
  return (method, target) => {
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const known = exact.get(path)
    if (known && (known.method === undefined || known.method === method)) return known.operation
    for (const { prefix, operation } of prefixes) if (path.startsWith(prefix)) return operation
    return unknownOperation
  }
}
