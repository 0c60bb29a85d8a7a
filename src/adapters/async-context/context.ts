/** A value that follows a request through its promises and callbacks; Node and workerd both offer it. */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface ContextStore<T> {
  read(): T | undefined
  run<R>(value: T | undefined, work: () => R): R
}

export function asyncContext<T>(): ContextStore<T> {
  const storage = new AsyncLocalStorage<T | undefined>()
  return { read: () => storage.getStore(), run: (value, work) => storage.run(value, work) }
}
