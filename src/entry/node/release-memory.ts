/** Gives memory back where V8 would keep it: after the start, and while bodies go through. */
import { collect } from '../../adapters/v8/collect.ts'

/** What loading the modules needed stays for hours otherwise. */
export const releaseMemory = (): void => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })

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
