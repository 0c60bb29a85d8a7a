/** The one resumable stream behind all views: it goes on behind the last id after every break, and never gives up. */
import { send } from '../core/api.ts'
import { asProblem, problemOf } from '../core/problem.ts'
import { signOut } from '../core/session.ts'
import { visible } from '../core/visible.ts'
import { announce } from './changes.ts'
import { connection, setOffline } from './connection.ts'
import { add, type GatewayEvent, lastId, loadLatest } from './events.ts'
import { type Block, blocks } from './sse.ts'

const maxDelayMs = 15_000
/** The gateway sends something every 15 s: after this long without a byte the line is dead, as after a sleep. */
const silenceMs = 40_000
const quietMs = 400

/** Runs until `signal` aborts. */
export async function followEvents(signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      if (lastId() === null) await loadLatest()
      if ((await follow(signal)) === 'ended') failures = 0
    } catch (error) {
      if (signal.aborted) return
      const delay = waitMs(++failures)
      setOffline(asProblem(error).code, Date.now() + delay)
      await pause(delay, signal)
      continue
    }
    if (connection.value.state === 'off') return
    if (!signal.aborted) await pause(waitMs(1), signal)
  }
}

const waitMs = (failures: number) => Math.min(maxDelayMs, 500 * 2 ** failures) * (0.7 + Math.random() * 0.3)

async function follow(signal: AbortSignal): Promise<'ended'> {
  const line = new AbortController()
  const abort = () => line.abort()
  signal.addEventListener('abort', abort)
  // A browser that knows it is offline says so before the line does.
  addEventListener('offline', abort)
  const watchdog = silenceWatch(abort)
  try {
    const last = lastId()
    const response = await send('operator/api/events/stream', {
      headers: last === null ? {} : { 'last-event-id': String(last) },
      signal: line.signal,
    })
    if (!response.ok || !response.body) throw await refused(response)
    await readAll(blocks(response.body, watchdog.touch), connectedAt(response))
    return 'ended'
  } finally {
    watchdog.end()
    removeEventListener('offline', abort)
    signal.removeEventListener('abort', abort)
  }
}

const connectedAt = (response: Response) => Date.parse(response.headers.get('date') ?? '') || Date.now()

async function refused(response: Response): Promise<unknown> {
  const problem = await problemOf(response)
  if (problem.status === 401 || problem.code === 'forbidden') signOut('refused')
  if (problem.code === 'feature_disabled') connection.value = { state: 'off', reason: problem.code }
  return problem
}

async function readAll(incoming: AsyncGenerator<Block>, since: number): Promise<void> {
  connection.value = { state: 'catching_up' }
  let quiet = setTimeout(isLive, quietMs)
  try {
    for await (const block of incoming) {
      if (block.event !== 'message') return
      const events = eventsOf(block)
      add(events, Number(block.id) || null)
      for (const event of events) announce(event.type)
      if (seesLive()) continue
      clearTimeout(quiet)
      if (events.some((event) => event.timestamp >= since)) isLive()
      else quiet = setTimeout(isLive, quietMs)
    }
  } finally {
    clearTimeout(quiet)
  }
}

const seesLive = () => connection.value.state === 'live'

function isLive(): void {
  connection.value = { state: 'live' }
}

function eventsOf(block: Block): GatewayEvent[] {
  if (!block.data) return []
  const { events } = JSON.parse(block.data) as { events?: GatewayEvent[] }
  return events ?? []
}

function silenceWatch(onSilence: () => void) {
  let timer = setTimeout(onSilence, silenceMs)
  return {
    touch: () => {
      clearTimeout(timer)
      timer = setTimeout(onSilence, silenceMs)
    },
    end: () => clearTimeout(timer),
  }
}

/** Waits, but not longer than until the network or the reader comes back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let unsubscribe: () => void = () => undefined
    const end = () => {
      clearTimeout(timer)
      removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(end, ms)
    addEventListener('online', end)
    signal.addEventListener('abort', end)
    let seen = visible.value
    unsubscribe = visible.subscribe((isVisible) => {
      if (isVisible && !seen) queueMicrotask(end)
      seen = isVisible
    })
  })
}
