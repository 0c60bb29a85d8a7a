/**
 * Remembers where recent paths led. A parameter beside a fixed name, as in /audit/runs and /audit/:id, keeps Hono from
 * its fast router, and a look into the other one costs a microsecond.
 */
import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/** Bounds the memory that invented paths can take to a few hundred kilobytes. */
const maxKnown = 1000
const maxKnownLength = 200

export class CachingRouter<T> implements Router<T> {
  readonly name = 'RememberingRouter'
  readonly #router = new TrieRouter<T>()
  readonly #known = new Map<string, Result<T>>()
  readonly #arranged: (found: Result<T>) => Result<T>

  /** Each result is arranged once, before it is remembered. */
  constructor(arranged: (found: Result<T>) => Result<T> = (found) => found) {
    this.#arranged = arranged
  }

  add(method: string, path: string, handler: T): void {
    this.#known.clear()
    this.#router.add(method, path, handler)
  }

  match(method: string, path: string): Result<T> {
    const key = `${method} ${path}`
    const known = this.#known.get(key)
    if (known) return known
    const found = this.#arranged(this.#router.match(method, path))
    if (key.length > maxKnownLength) return found
    if (this.#known.size >= maxKnown) this.#known.clear()
    this.#known.set(key, found)
    return found
  }
}
