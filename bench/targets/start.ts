/** Starts what a case compares, as far as this machine has it, and ends it again: each case finds fresh processes. */
import type { Bench } from '../run-case.ts'
import { isInstalled, startGateway, startPeer, type Target, type TargetName } from './targets.ts'

/** Beside another version of this project no others are driven: the two have the time to themselves. */
export async function startTargets(
  bench: Bench,
  names: readonly TargetName[],
  env: Readonly<Record<string, string>> = {},
): Promise<Target[]> {
  const targets: Target[] = []
  const wanted = names.filter(
    (name) => isInstalled(name) && (!bench.baseline || name === 'gateway' || name === 'upstream'),
  )
  for (const name of wanted) {
    if (name === 'upstream') targets.push(bench.upstream)
    else if (name !== 'gateway') targets.push(await startPeer(name, bench.upstream))
    else {
      targets.push(await startGateway(name, bench.bundle, bench.upstream, env))
      if (bench.baseline) targets.push(await startGateway('baseline', bench.baseline, bench.upstream, env))
    }
  }
  return targets
}

/** The upstream runs all the time. */
export async function stopTargets({ upstream }: Bench, targets: readonly Target[]): Promise<void> {
  await Promise.all(targets.filter((target) => target !== upstream).map((target) => target.stop()))
}
