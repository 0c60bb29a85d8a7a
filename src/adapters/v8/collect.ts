/**
 * Collects garbage in the main thread now. Not for worker threads: a forced major collection there can end the process
 * (V8: "Check failed: jit_page.has_value()", Node 24).
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'major' | 'minor'; execution: 'sync'; flavor: 'regular' | 'last-resort' }) => void

let exposed: Collect | undefined

export const collect: Collect = (options) => {
  exposed ??= exposedCollector()
  exposed(options)
}

/** The flag is not reset: it is process-wide, and a thread that starts between these two lines would see it change. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
