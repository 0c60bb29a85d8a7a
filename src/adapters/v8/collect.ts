/** Collects garbage in the calling thread now. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'major' | 'minor'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void

let exposed: Collect | undefined

export const collect: Collect = (options) => {
  exposed ??= exposedCollector()
  exposed(options)
}

/** The flag is not reset: it is process-wide, and another thread may run between these two lines. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
