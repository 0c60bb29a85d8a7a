/** What a Node process really keeps: its heap after a collection that we ask for over its inspector. */
import { once } from 'node:events'

/** MiB that are still in use after a full collection. */
export interface HeapUse {
  /** Objects and buffers. */
  data: number
  /** What V8 has compiled: it grows whenever something is done for the first time, or often enough. */
  code: number
}

export interface LiveHeap {
  read(): Promise<HeapUse>
  close(): void
}

interface Reply {
  id: number
  result: { result?: { value?: string } }
}

const usedBytes = `(() => {
  const used = { code: 0, data: process.memoryUsage().arrayBuffers }
  for (const space of process.getBuiltinModule('v8').getHeapSpaceStatistics())
    used[/code|trusted/.test(space.space_name) ? 'code' : 'data'] += space.space_used_size
  return JSON.stringify(used)
})()`

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
  const call = (method: string, params = {}) =>
    new Promise<Reply>((resolve) => {
      waiting.set(++calls, resolve)
      socket.send(JSON.stringify({ id: calls, method, params }))
    })
  return {
    async read() {
      await call('HeapProfiler.collectGarbage')
      const reply = await call('Runtime.evaluate', { expression: usedBytes })
      const { code, data } = JSON.parse(reply.result.result?.value ?? '') as HeapUse
      return { code: code / 2 ** 20, data: data / 2 ** 20 }
    },
    close: () => socket.close(),
  }
}
