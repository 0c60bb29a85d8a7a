/** What a Node process really keeps: its heap after a collection that we ask for over its inspector. */
import { once } from 'node:events'

export interface LiveHeap {
  /** MiB that are still in use after a full collection. */
  read(): Promise<number>
  close(): void
}

interface Reply {
  id: number
  result: { usedSize?: number; backingStorageSize?: number }
}

/** For a process that was started with `--inspect=127.0.0.1:<port>`. */
export async function liveHeap(port: number): Promise<LiveHeap> {
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(pages[0]?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  let calls = 0
  const call = (method: string) =>
    new Promise<Reply>((resolve) => {
      waiting.set(++calls, resolve)
      socket.send(JSON.stringify({ id: calls, method }))
    })
  return {
    async read() {
      await call('HeapProfiler.collectGarbage')
      const { usedSize = 0, backingStorageSize = 0 } = (await call('Runtime.getHeapUsage')).result
      return (usedSize + backingStorageSize) / 2 ** 20
    },
    close: () => socket.close(),
  }
}
