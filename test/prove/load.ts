/** Requests at a steady rate over kept connections, of which there are never more than `maxOpen` under way. */
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export interface Asked {
  path: string
  headers: Record<string, string>
  /** Leaves after that many bytes of the answer. */
  stopAfterBytes?: number
}

export interface Answered {
  path: string
  /** 0 when the connection ended before a status came. */
  status: number
  /** The body came to its end. */
  whole: boolean
  startedAt: number
  tookMs: number
  /** The code of the gateway's own error body. */
  error: string | null
}

interface Load {
  url: string
  perSecond: number
  seconds: number
  ask: (index: number) => Asked
  answered: (answer: Answered) => void
  maxOpen?: number
}

/** Resolves when every request has its answer; says how many could not be sent because too many were under way. */
export async function steadyLoad({ url, perSecond, seconds, ask, answered, maxOpen = 512 }: Load) {
  const agent = new Agent({ keepAlive: true, maxSockets: maxOpen })
  const startedAt = performance.now()
  const counts = { sent: 0, skipped: 0 }
  let underWay = 0
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    for (const due = (elapsed / 1000) * perSecond; counts.sent + counts.skipped < due; ) {
      if (underWay >= maxOpen) {
        counts.skipped++
        continue
      }
      underWay++
      send(url, agent, ask(counts.sent++)).then((answer) => {
        underWay--
        answered(answer)
      })
    }
    await wait(5)
  }
  while (underWay > 0) await wait(20)
  agent.destroy()
  return counts
}

function send(url: string, agent: Agent, { path, headers, stopAfterBytes = Infinity }: Asked): Promise<Answered> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const done = (status: number, whole: boolean, error: string | null = null) =>
      resolve({ path, status, whole, startedAt, tookMs: performance.now() - startedAt, error })
    const sending = request(url + path, { agent, headers }, (response) => {
      const { statusCode: status = 0 } = response
      const isProblem = response.headers['content-type'] === 'application/problem+json'
      let bytes = 0
      let problem = ''
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (isProblem) problem += chunk
        if (bytes > stopAfterBytes) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', () => done(status, response.complete, isProblem ? codeOf(problem) : null))
    })
    sending.on('error', () => done(0, false))
    sending.end()
  })
}

const codeOf = (problem: string) => /"error":"(\w+)"/.exec(problem)?.[1] ?? 'unreadable'
