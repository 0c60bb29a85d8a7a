/** Starts what a case compares, as far as this machine has it, and ends it again: each case finds fresh processes. */
import type { Bench } from '../run-case.ts'
import { isInstalled, startGateway, startPeer, type Target, type TargetName } from './targets.ts'

/** Beside another version of this project no others are driven: the two have the time to themselves. */
export async function startTargets(
  bench: Bench,
  names: readonly TargetName[],
  env: Readonly<Record<string, string>> = {},
): Promise<Target[]> {
  const wanted = names.filter(
    (name) => isInstalled(name) && (!bench.baseline || name === 'gateway' || name === 'upstream'),
  )
  const start = (name: TargetName): Promise<Target> => {
    if (name === 'upstream') return Promise.resolve(bench.upstream)
    if (name !== 'gateway') return startPeer(name, bench.upstream)
    return startGateway(name, bench.bundle, bench.upstream, env)
  }
  const started = wanted.map((name) => (bench.options.quick ? shared(name, env, start) : start(name)))
  const { baseline } = bench
  if (baseline && wanted.includes('gateway'))
    started.splice(wanted.indexOf('gateway') + 1, 0, startGateway('baseline', baseline, bench.upstream, env))
  return Promise.all(started)
}

const kept = new Map<string, Promise<Target>>()

/** A quick run has no time to start a target for each case. */
function shared(
  name: TargetName,
  env: Readonly<Record<string, string>>,
  start: (name: TargetName) => Promise<Target>,
): Promise<Target> {
  const key = name === 'gateway' ? `${name} ${JSON.stringify(env)}` : name
  const target = kept.get(key) ?? start(name)
  kept.set(key, target)
  return target
}

/** The upstream runs all the time, and so does what a quick run shares. */
export async function stopTargets({ upstream, options }: Bench, targets: readonly Target[]): Promise<void> {
  if (!options.quick) await Promise.all(targets.filter((target) => target !== upstream).map((target) => target.stop()))
}
