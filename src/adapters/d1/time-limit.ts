/** D1 has no time limit of its own: what it does not answer would hold its caller, and the writer's queue, for ever. */
import { withTimeout } from '../../lib/with-timeout.ts'
import { systemClock } from '../system/clock.ts'

/** As for a libSQL server; what was given up may have been executed. */
const defaultTimeoutMs = 10_000
const clock = systemClock()
const late = () => new DOMException('D1 did not answer in time', 'TimeoutError')

/** The same binding, whose calls reject with a TimeoutError after `timeoutMs`. */
export function timeLimited(binding: D1Database, timeoutMs = defaultTimeoutMs): D1Database {
  const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const inTime = <T>(work: Promise<T>) => withTimeout(clock, timeoutMs, work, late)

  function statement(original: D1PreparedStatement): D1PreparedStatement {
    const limited = new Proxy(original, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => statement(target.bind(...values))
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => inTime(Promise.resolve(method.apply(target, args)))
      },
    })
    originals.set(limited, original)
    return limited
  }

  return new Proxy(binding, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => statement(target.prepare(query))
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) =>
          inTime(target.batch(statements.map((limited) => originals.get(limited) ?? limited)))
      }
      return Reflect.get(target, name)
    },
  })
}
