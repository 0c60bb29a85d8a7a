/** Shows the state of the running gateway, once or again and again. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { sentenceOf, statusOf } from '../command/exit-status.ts'
import { jsonOf, printLine } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { type RunningGateway, runningGateway } from './running-gateway.ts'
import { statusScreen } from './status-screen.ts'

export interface StatusOptions extends GatewayCommandOptions {
  watch?: number | true
}

export interface StatusReading {
  url: string
  build: Pick<Answer<'getLiveness'>, 'version' | 'commit'>
  status: Answer<'getOperatorApiStatus'>
  circuits: Answer<'getCircuitBreakers'>['breakers']
}

const defaultWatchS = 2
const [otherScreen, ownScreen] = ['\x1b[?1049h\x1b[?25l', '\x1b[?25h\x1b[?1049l']
const [home, restOfLine, restOfScreen] = ['\x1b[H', '\x1b[K', '\x1b[J']

export async function showStatus({ watch, json, ...options }: StatusOptions): Promise<number> {
  const gateway = runningGateway(options)
  if (watch === undefined) {
    const reading = await readGateway(gateway)
    printLine(json ? jsonOf(reading) : statusScreen(reading, screenWidth()))
    return reading.status.degraded ? 1 : 0
  }
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())
  const show = json || !process.stdout.isTTY ? printLine : redraw
  if (show === redraw) process.stdout.write(otherScreen)
  try {
    while (!stopped.signal.aborted) {
      show(await screenOf(gateway, json))
      await wait((watch === true ? defaultWatchS : watch) * 1000, null, { signal: stopped.signal }).catch(() => {})
    }
  } finally {
    if (show === redraw) process.stdout.write(ownScreen)
  }
  return 0
}

async function readGateway({ client, url }: RunningGateway): Promise<StatusReading> {
  const [{ version, commit }, status, { breakers }] = await Promise.all([
    client.getLiveness(),
    client.getOperatorApiStatus(),
    client.getCircuitBreakers(),
  ])
  return { url, build: { version, commit }, status, circuits: breakers }
}

/** While watching, a gateway that is away is a reading, too. */
async function screenOf(gateway: RunningGateway, json: true | undefined): Promise<string> {
  try {
    const reading = await readGateway(gateway)
    return json ? jsonOf(reading, 0) : statusScreen(reading, screenWidth())
  } catch (error) {
    if (statusOf(error) !== 3) throw error
    return json ? jsonOf({ url: gateway.url, error: sentenceOf(error) }, 0) : sentenceOf(error)
  }
}

/** Over the former screen instead of on an empty one, which would flicker. */
function redraw(screen: string): void {
  const lines = screen.split('\n').slice(0, (process.stdout.rows ?? 24) - 1)
  process.stdout.write(`${home}${lines.map((line) => `${line}${restOfLine}`).join('\n')}${restOfScreen}`)
}

const screenWidth = () => process.stdout.columns ?? 120
