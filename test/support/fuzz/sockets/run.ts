/** Runs many sockets at once with changed frames of either side, and says of each what it got that was not its own. */
import { isDeepStrictEqual } from 'node:util'
import { close } from '../../conformance/frames.ts'
import { type Heard, openRaw, type RawWebSocket } from '../../conformance/raw-websocket.ts'
import type { Gateway } from '../../gateways.ts'
import type { Runtime } from '../ledger.ts'
import { makeSocketCase, type SocketCase } from './cases.ts'
import type { Message } from './script.ts'
import { type SocketUpstream, startSocketUpstream } from './upstream.ts'

export interface SocketFuzzRun {
  runtime: Runtime
  startGateway: (env: Record<string, string>) => Promise<Gateway>
  seed: number
  cases: number
  first?: number
  width?: number
}

export interface SocketFuzzReport {
  failures: string[]
  /** Messages that arrived, of how many described before the first fault. */
  arrived: number
  described: number
  honest: number
}

const maxFailures = 20
/** Only a stuck connection meets it. */
const stuckMs = 60_000
/** For more after bytes that a lenient reader may take. */
const quietMs = 200

export async function fuzzSockets(run: SocketFuzzRun): Promise<SocketFuzzReport> {
  const { seed, cases, first = 0, width = 32 } = run
  const report: SocketFuzzReport = { failures: [], arrived: 0, described: 0, honest: 0 }
  const plans = new Map<number, SocketCase>()
  const upstream = await startSocketUpstream((number) => plans.get(number))
  const gateway = await run.startGateway({
    SHUB_URL: upstream.url,
    VX11_RATE_LIMIT_ENABLED: 'false',
    LOG_LEVEL: 'warn',
  })
  let next = first
  const worker = async () => {
    while (next < first + cases && report.failures.length < maxFailures) {
      const each = makeSocketCase(seed, next++)
      plans.set(each.number, each)
      const faults = await hold({ ...run, gateway, upstream, report }, each).catch((error: Error) => [error.message])
      plans.delete(each.number)
      report.failures.push(...faults.map((fault) => described(run, each, fault)))
    }
  }
  try {
    await Promise.all(Array.from({ length: width }, worker))
    await untilEnd(() => upstream.open().length === 0)
    for (const number of upstream.open())
      report.failures.push(described(run, makeSocketCase(seed, number), 'its socket to the upstream stays open'))
    const output = gateway.output().replaceAll(runtimesOwn, '')
    if (/unexpected_error|unhandled|uncaught/i.test(output)) report.failures.push(output.slice(-2000))
  } finally {
    await Promise.all([gateway.stop(), upstream.close()])
  }
  return report
}

/** What workerd itself says of frames that it refuses. */
const runtimesOwn = /Uncaught Error: WebSocket protocol error/g

async function untilEnd(holds: () => boolean): Promise<void> {
  const end = performance.now() + stuckMs
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}

interface Stage {
  runtime: Runtime
  gateway: Gateway
  upstream: SocketUpstream
  report: SocketFuzzReport
}

async function hold({ runtime, gateway, upstream, report }: Stage, each: SocketCase): Promise<string[]> {
  const { script, number, side } = each
  const isHonest = each.how.length === 0
  const isLenient = runtime === 'workerd' && script.end === 'fault'
  const path = side === 'caller' ? 'echo' : 'plan'
  const socket = await openRaw(gateway.url, `/shub/${path}?id=${number}`)
  try {
    if (side === 'caller') await write(socket, each.pieces)
    const mayEnd = script.end !== 'open'
    const heard = await socket.heard(
      (now) => now.close !== null || (!mayEnd && messagesOf(now).length >= script.messages.length),
      isLenient || (side === 'caller' && script.end === 'unfinished') ? quietMs : stuckMs,
    )
    if (!mayEnd && heard.close === null && heard.end === 'open') {
      socket.send(close(1000))
      await socket.heard((now) => now.close !== null, stuckMs)
    }
    const arrivals = side === 'caller' ? [messagesOf(heard), upstream.received(number)] : [messagesOf(heard)]
    report.honest += isHonest ? 1 : 0
    report.described += script.messages.length
    report.arrived += arrivals[0]?.length ?? 0
    return [
      ...arrivals.flatMap((got) => messageFaults(got, each, isLenient)),
      ...pongFaults(heard, each),
      ...(runtime === 'workerd' && !isHonest ? [] : heard.faults),
      ...endFaults(heard, each, isLenient),
    ]
  } finally {
    socket.destroy()
  }
}

async function write(socket: RawWebSocket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    socket.send(piece)
    await new Promise(setImmediate)
  }
}

const isPong = (each: Heard['got'][number]): each is { pong: string } =>
  typeof each === 'object' && !Buffer.isBuffer(each)
const messagesOf = ({ got }: Heard): Message[] => got.filter((each): each is Message => !isPong(each))

/** The first of them, in their order; all of them where nothing is wrong. */
function messageFaults(got: readonly Message[], { script }: SocketCase, isLenient: boolean): string[] {
  const expected = script.messages
  const wrong = got.findIndex((each, i) =>
    isLenient && i >= expected.length ? false : !isDeepStrictEqual(each, expected[i]),
  )
  if (wrong >= 0) return [`message ${wrong} is ${shown(got[wrong])} instead of ${shown(expected[wrong])}`]
  if (script.end === 'open' && got.length < expected.length) return [`${got.length} of ${expected.length} messages`]
  return []
}

const pongFaults = ({ got }: Heard, { script, how, side }: SocketCase): string[] =>
  got
    .filter(isPong)
    .filter(({ pong }) => side === 'upstream' || (how.length === 0 && !script.pings.includes(pong)))
    .map(({ pong }) => `a pong to nothing: ${shown(pong)}`)

function endFaults({ close: closed, end }: Heard, { script, side }: SocketCase, isLenient: boolean): string[] {
  const isOver = closed !== null || end !== 'open'
  if (script.end === 'open') return closed?.code === 1000 ? [] : [`closed with ${closed?.code ?? end}`]
  const mustEnd = side === 'upstream' || script.end !== 'unfinished'
  return isOver || !mustEnd || isLenient ? [] : [`still open after ${script.fault ?? script.end}`]
}

const shown = (value: unknown) =>
  value === undefined
    ? 'nothing'
    : JSON.stringify(Buffer.isBuffer(value) ? value.toString('latin1') : value).slice(0, 160)

const described = ({ runtime, seed }: SocketFuzzRun, { number, how, script, pieces }: SocketCase, fault: string) =>
  [
    fault,
    `  repeat: FUZZ_ON=${runtime} FUZZ_SEED=${seed} FUZZ_CASES=${number} npm run prove -- test/prove/fuzz-sockets.test.ts`,
    `  changes: ${how.join(', ') || 'none'}; ${script.messages.length} messages, then ${script.fault ?? script.end}`,
    ...pieces.map((piece) => `  ${piece.toString('hex').slice(0, 200)}`),
  ].join('\n')
