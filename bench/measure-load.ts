/** Drives one load against its targets in turn, round after round, so that noise falls on all of them alike. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LoadCase } from './cases.ts'
import { statusOf } from './children.ts'
import { drive, type Load } from './load/load.ts'
import type { Options } from './options.ts'
import { cpuSecondsOf, residentMiBOf, watchMemory } from './proc.ts'
import type { Round, TargetResult } from './results.ts'
import { median, pairedRatio, spread } from './stats.ts'
import { isGateway, type Target, token } from './targets.ts'

interface Running {
  target: Target
  load: Load
  status: number
  idleMiB: number
  rounds: Round[]
}

export async function measureLoad(
  loadCase: LoadCase,
  targets: readonly Target[],
  options: Options,
): Promise<TargetResult[]> {
  await wait(options.idleSeconds * 1000)
  const running = targets.map((target) => begin(loadCase, target, options))
  for (const one of running) await warmUp(one, options)
  for (let round = 0; round < options.rounds; round++) {
    for (const one of running) one.rounds.push(await measureRound(one, options))
  }
  const gateway = running.find(({ target }) => target.name === 'gateway')
  return running.map((one) => sumUp(one, gateway))
}

function begin(loadCase: LoadCase, target: Target, { seconds }: Options): Running {
  const { method, bodyBytes } = loadCase
  const gateway = isGateway(target.name)
  const load: Load = {
    url: target.url + (gateway ? loadCase.gatewayPath : loadCase.path),
    method,
    headers: gateway && loadCase.withToken ? { 'X-VX11-Token': token } : {},
    bodyBytes,
    newAddresses: loadCase.newAddresses,
    seconds,
  }
  const status = gateway ? loadCase.status : 200
  return { target, load, status, idleMiB: residentMiBOf(target.pid), rounds: [] }
}

/** Fills what caches and compilers fill, and sees that the answers are those that the case is about. */
async function warmUp({ target, load, status }: Running, { warmUpSeconds }: Options): Promise<void> {
  const ask = () => statusOf(load.url, load.headers, load.method)
  // The first request may still have an allowance to spend.
  const got = [await ask(), await ask(), await ask()]
  if (!got.includes(status))
    throw new Error(`${target.name} answers ${got}, not ${status}, to ${load.method} ${load.url}`)
  if (warmUpSeconds > 0) await drive({ ...load, seconds: warmUpSeconds })
}

async function measureRound({ target, load, status }: Running, { leadInSeconds }: Options): Promise<Round> {
  if (leadInSeconds > 0) await drive({ ...load, seconds: leadInSeconds })
  const cpuBefore = cpuSecondsOf(target.pid)
  const peak = watchMemory(target.pid)
  const result = await drive(load)
  const peakMiB = peak()
  const cpu = cpuSecondsOf(target.pid) - cpuBefore
  // A proxy that refuses is fast; such a round would be a lie.
  const unexpected = status >= 400 ? result.requests - result.refused : result.refused
  if (unexpected + result.broken > result.requests / 1000) {
    throw new Error(`${target.name}: ${result.refused} refusals and ${result.broken} failures of ${result.requests}`)
  }
  return {
    perSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuUsPerRequest: (cpu * 1e6) / result.requests,
    peakMiB,
  }
}

function sumUp({ target, idleMiB, rounds }: Running, gateway: Running | undefined): TargetResult {
  const all = (name: keyof Round, of = rounds) => of.map((round) => round[name])
  const compared = gateway && gateway.target !== target
  return {
    name: target.name,
    perSecond: median(all('perSecond')),
    p50Ms: median(all('p50Ms')),
    p99Ms: median(all('p99Ms')),
    cpuUsPerRequest: median(all('cpuUsPerRequest')),
    peakMiB: Math.max(...all('peakMiB')),
    spread: spread(all('perSecond')),
    idleMiB,
    gatewayRatio: compared ? pairedRatio(all('perSecond', gateway.rounds), all('perSecond')) : null,
  }
}
