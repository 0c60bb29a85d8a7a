/** Wraps a worker and counts the calls of each binding; runs in workerd. */

/** Answers with the counts since it was last asked. */
export const countsPath = '/bench-counts'

interface Worker {
  fetch(request: Request, env: Env, context: unknown): Promise<Response>
}
type Env = Record<string, unknown>
type Methods = Record<string, unknown>

const counts = new Map<string, number>()
const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

export function counting(worker: Worker): Worker {
  const send = globalThis.fetch
  globalThis.fetch = (...args: Parameters<typeof fetch>) => {
    count('sub-requests')
    return send(...args)
  }
  let wrapped: Env | undefined
  return {
    async fetch(request, env, context) {
      if (new URL(request.url).pathname === countsPath) return readCounts()
      wrapped ??= Object.fromEntries(Object.entries(env).map(([name, binding]) => [name, wrap(binding)]))
      return worker.fetch(request, wrapped, context)
    },
  }
}

function readCounts(): Response {
  const answer = Response.json(Object.fromEntries(counts))
  counts.clear()
  return answer
}

/** What a binding is shows in what it can do. */
function wrap(binding: unknown): unknown {
  if (binding === null || typeof binding !== 'object') return binding
  if ('idFromName' in binding) return intercept(binding, { get: wrapStub, getByName: wrapStub })
  if ('prepare' in binding) return intercept(binding, { prepare: wrapStatement, batch: countedBatch })
  return 'getWithMetadata' in binding ? counted(binding, 'KV calls') : binding
}

type Interceptor = (call: (...args: unknown[]) => unknown, args: unknown[]) => unknown

/** The object with some of its methods' calls handed to interceptors. */
function intercept(target: object, interceptors: Readonly<Record<string, Interceptor>>): object {
  return new Proxy(target, {
    get(_, name) {
      const member = (target as Methods)[String(name)]
      if (typeof member !== 'function') return member
      const call = (...args: unknown[]): unknown => (target as Record<string, typeof call>)[String(name)]?.(...args)
      const interceptor = interceptors[String(name)] ?? interceptors['*']
      return (...args: unknown[]) => (interceptor ? interceptor(call, args) : call(...args))
    },
  })
}

const counted = (target: object, name: string): object =>
  intercept(target, {
    '*': (call, args) => {
      count(name)
      return call(...args)
    },
  })

const wrapStub: Interceptor = (call, args) => counted(call(...args) as object, 'object calls')

/** D1 takes back only statements of its own. */
const statements = new WeakMap<object, unknown>()

const wrapStatement: Interceptor = (call, args) => {
  const statement = call(...args) as object
  const run: Interceptor = (execute, values) => {
    count('D1 calls')
    return execute(...values)
  }
  const wrapped = intercept(statement, { bind: wrapStatement, all: run, run, first: run, raw: run })
  statements.set(wrapped, statement)
  return wrapped
}

const countedBatch: Interceptor = (call, [list]) => {
  count('D1 calls')
  return call((list as object[]).map((statement) => statements.get(statement) ?? statement))
}
