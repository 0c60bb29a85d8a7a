/** Gives back what loading the modules needed: without this, V8 keeps the memory of its start for hours. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export function releaseMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
