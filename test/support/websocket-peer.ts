/** One end of a WebSocket without a network: keeps what it is sent, and says what the test has it say. */
import type { WebSocketEvents, WebSocketPeer } from '../../src/ports/index.ts'

export interface FakePeer extends WebSocketPeer {
  bufferedAmount: number
  sent: (string | Uint8Array)[]
  /** Code and reason of the close frame it should send. */
  closes: [code: number | undefined, reason: string | undefined][]
  pings: number
  paused: boolean
  terminated: boolean
  /** Has the other end of the network say something. */
  events: WebSocketEvents
}

/** `platform`: what it cannot do is absent. */
export function fakePeer(platform: 'node' | 'workerd' = 'node'): FakePeer {
  const unheard = () => {
    throw new Error('nobody listens')
  }
  const peer: FakePeer = {
    bufferedAmount: 0,
    sent: [],
    closes: [],
    pings: 0,
    paused: false,
    terminated: false,
    events: { message: unheard, closed: unheard, alive: unheard },
    listen(events) {
      peer.events = events
    },
    send: (data) => peer.sent.push(data),
    close: (code, reason) => peer.closes.push([code, reason]),
    terminate() {
      if (peer.terminated) return
      peer.terminated = true
      peer.events.closed(1006, '')
    },
  }
  if (platform === 'workerd') return peer
  peer.pause = () => {
    peer.paused = true
  }
  peer.resume = () => {
    peer.paused = false
  }
  peer.ping = () => {
    peer.pings++
  }
  return peer
}
