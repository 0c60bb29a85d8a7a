/** Tells views at once that something they show has changed, by the type of the event. */

interface Watcher {
  prefix: string
  tell: () => void
}

const watchers = new Set<Watcher>()
const pending = new Set<Watcher>()
const gatherMs = 150

export function changes(prefix: string, tell: () => void): () => void {
  const watcher = { prefix, tell }
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** A burst of events is one question. */
export function announce(type: string): void {
  for (const watcher of watchers) {
    if (!type.startsWith(watcher.prefix) || pending.has(watcher)) continue
    pending.add(watcher)
    setTimeout(() => {
      pending.delete(watcher)
      if (watchers.has(watcher)) watcher.tell()
    }, gatherMs)
  }
}
