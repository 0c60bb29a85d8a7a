/** Gives memory back where V8 would keep it: after the start, and while bodies go through. */
import { collect } from '../../adapters/v8/collect.ts'

/** Between two looks at what the process does. */
const lookEveryMs = 2000
/** Of one processor: whoever is asked for more than that needs what it holds. */
const quietShare = 0.1
const mostLooks = 30

/**
 * What loading the modules and the first requests needed stays for hours otherwise. A slow machine may still be at it
 * seconds after the start, so this waits until the process has been quiet, for a minute at most.
 */
export function releaseWhenQuiet(looks = mostLooks): void {
  const before = process.cpuUsage()
  const look = () => {
    const { user, system } = process.cpuUsage(before)
    if (user + system < quietShare * lookEveryMs * 1000)
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    else if (looks > 1) releaseWhenQuiet(looks - 1)
  }
  setTimeout(look, lookEveryMs).unref()
}

/**
 * V8 counts the buffer of a body as the few bytes of its handle, so that hundreds of megabytes wait for a collection.
 * This makes a minor one, about a millisecond, each time `everyBytes` have passed.
 */
export function bodySweeper(everyBytes: number): (bytes: number) => void {
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < everyBytes) return
    passed = 0
    collect({ type: 'minor', execution: 'sync', flavor: 'regular' })
  }
}
