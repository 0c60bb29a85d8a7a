/** One connection of a caller: writes its pieces, leaves when its plan says so, and keeps what came back. */
import { openSocket } from '../raw-http.ts'
import { turns } from './upstream.ts'

export interface CallerPlan {
  pieces: readonly Buffer[]
  /** Pieces that are sent some milliseconds after the one before. */
  pauses: readonly number[]
  /** When the caller leaves: after its bytes, after the first byte of an answer, or after all answers. */
  leaves: 'after sending' | 'at first byte' | 'after answers'
}

export interface Heard {
  bytes: Buffer
  /** Before the first byte was sent, on the monotonic clock. */
  startedAt: number
  /** `left`: by plan; `stuck`: neither answered nor closed in time. */
  end: 'closed' | 'reset' | 'left' | 'stuck'
}

export interface Patience {
  /** All that may be expected has come: `quietMs` later the caller leaves. */
  isEnough(bytes: Buffer): boolean
  quietMs: number
  stuckMs: number
}

export function converse(url: string, { pieces, pauses, leaves }: CallerPlan, patience: Patience): Promise<Heard> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const socket = openSocket(url)
    const chunks: Buffer[] = []
    let quiet: NodeJS.Timeout | undefined
    let sent = false
    let wasReset = false
    const stuck = setTimeout(() => finish('stuck'), patience.stuckMs)
    const finish = (end: Heard['end']) => {
      clearTimeout(stuck)
      clearTimeout(quiet)
      socket.removeAllListeners('data').removeAllListeners('close').destroy()
      resolve({ bytes: Buffer.concat(chunks), startedAt, end })
    }
    const look = () => {
      clearTimeout(quiet)
      if (sent && patience.isEnough(Buffer.concat(chunks))) quiet = setTimeout(() => finish('left'), patience.quietMs)
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (leaves === 'at first byte') finish('left')
      else look()
    })
    socket.on('error', () => {
      wasReset = true
    })
    socket.on('close', () => finish(wasReset ? 'reset' : 'closed'))
    const write = async () => {
      for (const [index, piece] of pieces.entries()) {
        const pause = pauses[index] ?? 0
        if (pause > 0) await new Promise((done) => setTimeout(done, pause))
        else if (index > 0) await turns(1)
        if (!socket.writable) return
        socket.write(piece)
      }
      sent = true
      if (leaves !== 'after sending') look()
      else if (socket.pending) socket.once('connect', () => finish('left'))
      else finish('left')
    }
    write()
  })
}
