/** Triggers garbage collections that V8 would delay: after the start, and while bodies are forwarded. */
import { collect } from '../../adapters/v8/collect.ts'

/** Otherwise memory for loading the modules is kept for hours. */
export const releaseMemory = (): void => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })

/**
 * V8 counts only the small handle of a body's buffer, so hundreds of megabytes can wait for a collection.
 * This triggers a minor collection of about a millisecond after every `everyBytes`.
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
