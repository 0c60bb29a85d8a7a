/** D1 has no time limit of its own: what it does not answer would hold its caller, and the writer's queue, for ever. */
import { withTimeout } from '../../lib/with-timeout.ts'
import type { WatchQueries } from '../../ports/index.ts'
import { systemClock } from '../system/clock.ts'
import type { D1Options } from './d1.ts'

/** As for a libSQL server; what was given up may have been executed. */
const defaultTimeoutMs = 10_000
const clock = systemClock()
const late = () => new DOMException('D1 did not answer in time', 'TimeoutError')

const unwatched: WatchQueries = (_statements, work) => work()

interface Original {
  query: string
  statement: D1PreparedStatement
}

/** The same binding, whose calls are watched and reject with a TimeoutError after `timeoutMs`. */
export function timeLimited(
  binding: D1Database,
  { timeoutMs = defaultTimeoutMs, watch = unwatched }: D1Options = {},
): D1Database {
  const originals = new WeakMap<D1PreparedStatement, Original>()
  const inTime = <T>(queries: readonly string[], work: () => Promise<T>) =>
    watch(queries, () => withTimeout(clock, timeoutMs, work(), late))

  function statement(query: string, original: D1PreparedStatement): D1PreparedStatement {
    const limited = new Proxy(original, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => statement(query, target.bind(...values))
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => inTime([query], () => Promise.resolve(method.apply(target, args)))
      },
    })
    originals.set(limited, { query, statement: original })
    return limited
  }

  return new Proxy(binding, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => statement(query, target.prepare(query))
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) => {
          const known = statements.map((limited) => originals.get(limited) ?? { query: '', statement: limited })
          const queries = known.map(({ query }) => query)
          return inTime(queries, () => target.batch(known.map(({ statement }) => statement)))
        }
      }
      return Reflect.get(target, name)
    },
  })
}
