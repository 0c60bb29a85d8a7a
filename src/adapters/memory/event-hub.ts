/** EventHub for a single process. */
import type { CommitNotice, EventHub } from '../../ports/index.ts'

export function memoryEventHub(): EventHub {
  const listeners = new Set<(notice: CommitNotice) => void>()
  return {
    publish(notice) {
      for (const listener of listeners) listener(notice)
    },
    async subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
