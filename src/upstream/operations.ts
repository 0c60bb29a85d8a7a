/** Time limits and purposes of an upstream's operations, by method and path. */
import type { Config, PeerName } from '../config/config.ts'
import type { IdleRule } from '../config/upstreams/idle.ts'
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

type OperationConfig = Pick<Config, 'windowServices' | 'upstreamIdle'>

/** Adds an operation's limits and purpose to a request that has none. */
export function withOperations(next: Upstream, name: PeerName, config: OperationConfig): Upstream {
  const { eventStreamMs, own } = config.upstreamIdle
  const finderFor = ({ windowServices }: OperationConfig) =>
    operationFinder(operationRules(name, windowServices.length), own[name] ?? [], eventStreamMs)
  let [find, windowServices] = [finderFor(config), config.windowServices]
  return (target, init) => {
    if (windowServices !== config.windowServices) [find, windowServices] = [finderFor(config), config.windowServices]
    const operation = find(init.method, target)
    const limits = init.limits ? { ...operation.limits, ...init.limits } : operation.limits
    const purpose = init.purpose ?? operation.purpose
    const known: UpstreamInit = { ...init, limits }
    if (purpose) known.purpose = purpose
    return next(target, known)
  }
}

/** `idleRules` say how long the silence of a body may last, the first that fits; null for its method: every one. */
function operationFinder(
  rules: readonly OperationRule[],
  idleRules: readonly IdleRule[] = [],
  streamIdleMs?: number,
): (method: string, target: string) => Operation {
  const exact = new Map<string, { method: string | undefined; operation: Operation }>()
  const prefixes: { prefix: string; operation: Operation }[] = []
  const limits: TimeLimits = { ...defaultLimits, ...(streamIdleMs !== undefined && { streamIdleMs }) }
  const unknownOperation: Operation = { limits }
  for (const { method, path, firstByteMs = defaultLimits.firstByteMs, purpose } of rules) {
    const operation: Operation = { limits: { ...limits, firstByteMs }, ...(purpose && { purpose }) }
    if (path.endsWith('*')) prefixes.push({ prefix: path.slice(0, -1), operation })
    else exact.set(path, { method, operation })
  }
  const find = (method: string, path: string): Operation => {
    const known = exact.get(path)
    if (known && (known.method === undefined || known.method === method)) return known.operation
    for (const { prefix, operation } of prefixes) if (path.startsWith(prefix)) return operation
    return unknownOperation
  }
  return (method, target) => {
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const operation = find(method, path)
    const idle = idleRules.find((rule) => fits(rule, method, path))
    return idle ? { ...operation, limits: { ...operation.limits, idleMs: idle.idleMs } } : operation
  }
}

const fits = ({ method, path }: IdleRule, asked: string, askedPath: string) =>
  (method === null || method === asked) &&
  (path.endsWith('*') ? askedPath.startsWith(path.slice(0, -1)) : path === askedPath)
