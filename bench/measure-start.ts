/** How long the gateway takes to start, and what memory it then holds. */
import { setTimeout as wait } from 'node:timers/promises'
import { residentMiBOf } from './proc.ts'
import type { StartResults } from './results.ts'
import type { Bench } from './run-case.ts'
import { median } from './stats.ts'
import { startGateway } from './targets.ts'

/** The first start makes the database, and is not counted. */
export async function measureStart({
  bundle,
  upstream,
  options,
}: Bench): Promise<Pick<StartResults, 'readyMs' | 'idleMiB'>> {
  const start = () => startGateway('gateway', bundle, upstream)
  await (await start()).stop()
  const readyMs: number[] = []
  for (let round = 1; round < options.rounds; round++) {
    const gateway = await start()
    readyMs.push(gateway.startMs)
    await gateway.stop()
  }
  const gateway = await start()
  await wait(options.idleSeconds * 1000)
  const idleMiB = residentMiBOf(gateway.pid)
  await gateway.stop()
  return { readyMs: median([...readyMs, gateway.startMs]), idleMiB }
}
