/** Asks V8 to collect garbage now, in the thread that asks. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'major' | 'minor'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void

let exposed: Collect | undefined

export const collect: Collect = (options) => {
  exposed ??= exposedCollector()
  exposed(options)
}

function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as Collect
  setFlagsFromString('--no-expose-gc')
  return gc
}
