/**
 * What every request has to pass before its feature, as steps that are synchronous where they can be: one middleware
 * runs them all, because each middleware of its own costs two promises (docs/performance.md).
 */
import type { Context, MiddlewareHandler, Next } from 'hono'
import type { AppEnv } from '../../ports/index.ts'

/** Throws to refuse, gives a Response to answer at once, and nothing to let the request go on. */
export type Guard = (c: Context<AppEnv>) => GuardVerdict | Promise<GuardVerdict>
// biome-ignore lint/suspicious/noConfusingVoidType: a guard that returns nothing lets the request pass
export type GuardVerdict = void | Response | undefined

export const guards = (...steps: readonly Guard[]): MiddlewareHandler<AppEnv> => {
  /** From `index` on; gives a promise only where a step does. */
  const run = (c: Context<AppEnv>, index: number): GuardVerdict | Promise<GuardVerdict> => {
    for (let at = index; at < steps.length; at++) {
      const verdict = steps[at]?.(c)
      if (verdict instanceof Promise) return verdict.then((settled) => settled ?? run(c, at + 1))
      if (verdict) return verdict
    }
    return undefined
  }
  const answerOr = (next: Next, verdict: GuardVerdict): ReturnType<MiddlewareHandler> =>
    verdict ? Promise.resolve(verdict) : next()
  return function guards(c, next) {
    const verdict = run(c, 0)
    return verdict instanceof Promise ? verdict.then((settled) => answerOr(next, settled)) : answerOr(next, verdict)
  }
}
