/** V8's sampling profiler in another process, over its inspector. */

import type { Profiler } from 'node:inspector'
import { setTimeout as wait } from 'node:timers/promises'

export type CpuProfile = Profiler.Profile

/** Microseconds between samples: prime, so that nothing periodic falls in step with it. */
const samplingUs = 211

/** Profiles the process whose inspector listens on the port while the work runs. */
export async function profileWhile(port: number, work: () => Promise<void>): Promise<CpuProfile> {
  const session = await connectInspector(port)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: samplingUs })
  await session.send('Profiler.start')
  await work()
  const { profile } = (await session.send('Profiler.stop')) as { profile: CpuProfile }
  session.close()
  return profile
}

interface Session {
  send(method: string, params?: object): Promise<unknown>
  close(): void
}

interface Reply {
  id: number
  result?: unknown
  error?: { message: string }
}

async function connectInspector(port: number): Promise<Session> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string
  }[]
  if (!target) throw new Error('the inspector has nothing to profile')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')), { once: true })
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  let calls = 0
  const send = async (method: string, params: object = {}) => {
    const id = ++calls
    const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { result, error } = await Promise.race([answered, timeout(method)])
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  return { send, close: () => socket.close() }
}

const timeout = async (method: string): Promise<never> => {
  await wait(60_000, undefined, { ref: false })
  throw new Error(`the inspector did not answer to ${method}`)
}
