/** Starts what a case needs, measures it, and ends it again: each case finds fresh processes and full allowances. */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { type LoadCase, loadCases } from './cases.ts'
import { measureAcross, readersAcross } from './measure-across.ts'
import { eventsPerSecond, measureEvents } from './measure-events.ts'
import { measureLatency } from './measure-latency.ts'
import { measureLoad } from './measure-load.ts'
import { measureOperatorData } from './measure-operator-data.ts'
import { measureStreams } from './measure-streams.ts'
import type { Options } from './options.ts'
import { startIsolatePair, startNodePair } from './pairs.ts'
import type { AcrossRow, CaseResults, Conditions } from './results.ts'
import {
  type Bundle,
  isInstalled,
  startGateway,
  startPeer,
  type Target,
  type TargetName,
  type Upstream,
} from './targets.ts'

export interface Bench {
  options: Options
  upstream: Target & Upstream
  bundle: Bundle
  baseline: Bundle | null
  conditions: () => Conditions
}

export async function runCase(bench: Bench, name: string): Promise<CaseResults> {
  const loadCase = loadCases.find((one) => one.name === name)
  if (loadCase) return runLoad(bench, loadCase)
  if (name === 'events') return runEvents(bench)
  if (name === 'across') return runAcross(bench)
  if (name === 'operator-data') return runOperatorData(bench)
  return name === 'latency' ? runLatency(bench) : runStreams(bench)
}

async function runLoad(bench: Bench, loadCase: LoadCase): Promise<CaseResults> {
  const { name, title } = loadCase
  const targets = await startTargets(bench, loadCase.targets, loadCase.gatewayEnv)
  const results = await measureLoad(loadCase, targets, bench.options)
  await stopTargets(bench, targets)
  return { kind: 'load', name, title, conditions: bench.conditions(), targets: results }
}

async function runLatency(bench: Bench): Promise<CaseResults> {
  const gateway = await startGateway('gateway', bench.bundle, bench.upstream)
  const results = await measureLatency(gateway, bench.upstream, bench.options)
  await gateway.stop()
  const title = 'Added latency at half load'
  return { kind: 'latency', name: 'latency', title, conditions: bench.conditions(), ...results }
}

async function runStreams(bench: Bench): Promise<CaseResults> {
  const { streams: count } = bench.options
  const targets = await startTargets(bench, ['gateway', 'node-http', 'nginx', 'upstream'])
  const results = await measureStreams(targets, bench.options)
  await stopTargets(bench, targets)
  const title = 'Open event streams'
  return { kind: 'streams', name: 'streams', title, conditions: bench.conditions(), count, targets: results }
}

/** Linux keeps /dev/shm in memory: what is written there is flushed at once. */
async function runEvents(bench: Bench): Promise<CaseResults> {
  const env = (folder: string) => ({ VX11_DATABASE_URL: `file:${mkdtempSync(join(folder, 'bench-events-'))}/vx11.db` })
  const durable = await startGateway('gateway', bench.bundle, bench.upstream, env(bench.bundle.folder))
  const inMemory = await startGateway('gateway', bench.bundle, bench.upstream, env('/dev/shm'))
  const results = await measureEvents(durable, inMemory, bench.options)
  await Promise.all([durable.stop(), inMemory.stop()])
  return { kind: 'events', name: 'events', title: 'Events', conditions: bench.conditions(), ...results }
}

/** One pair after the other, so that neither waits for the other one's processor. */
async function runAcross({ bundle, upstream, options, conditions }: Bench): Promise<CaseResults> {
  const pairs: AcrossRow[] = []
  for (const start of [() => startNodePair(bundle, upstream), () => startIsolatePair(upstream)]) {
    const pair = await start()
    if (!pair) continue
    pairs.push(...(await measureAcross(pair, options)))
    await pair.stop()
  }
  const [name, title] = ['across', 'Events from one instance to another'] as const
  const [perSecond, readers] = [eventsPerSecond, readersAcross]
  return { kind: 'across', name, title, conditions: conditions(), perSecond, readers, pairs }
}

async function runOperatorData(bench: Bench): Promise<CaseResults> {
  const results = await measureOperatorData(bench)
  const title = "The operator's views of a large database"
  return { kind: 'operator-data', name: 'operator-data', title, conditions: bench.conditions(), ...results }
}

async function startTargets(
  bench: Bench,
  names: readonly TargetName[],
  env: LoadCase['gatewayEnv'] = {},
): Promise<Target[]> {
  const targets: Target[] = []
  for (const name of names.filter(isInstalled)) {
    targets.push(await startTarget(bench, name, env))
    if (name === 'gateway' && bench.baseline) {
      targets.push(await startGateway('baseline', bench.baseline, bench.upstream, env))
    }
  }
  return targets
}

/** The upstream runs all the time. */
async function startTarget(bench: Bench, name: TargetName, env: LoadCase['gatewayEnv']): Promise<Target> {
  if (name === 'upstream') return bench.upstream
  return name === 'gateway' ? startGateway(name, bench.bundle, bench.upstream, env) : startPeer(name, bench.upstream)
}

async function stopTargets({ upstream }: Bench, targets: readonly Target[]): Promise<void> {
  await Promise.all(targets.filter((target) => target !== upstream).map((target) => target.stop()))
}
