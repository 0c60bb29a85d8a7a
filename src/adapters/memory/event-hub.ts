/** The hub of a gateway that runs as one process. */
import type { CommitNotice, EventHub } from '../../ports/index.ts'

export function memoryEventHub(): EventHub {
  const listeners = new Set<(news: CommitNotice) => void>()
  return {
    publish(news) {
      for (const listener of listeners) listener(news)
    },
    async subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
