/** Asks V8 to collect garbage now, in the thread that asks. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'major' | 'minor'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void

let exposed: Collect | undefined

export const collect: Collect = (options) => {
  exposed ??= exposedCollector()
  exposed(options)
}

/** The flag stays: it belongs to the whole process, and another thread may be between these two lines. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
