/** How long the gateway takes to start, and what memory it then holds. */
import { setTimeout as wait } from 'node:timers/promises'
import { residentMiBOf } from '../method/proc.ts'
import { estimate } from '../method/stats.ts'
import { figure, type Measured, shown, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startGateway } from '../targets/targets.ts'

/** The first start makes the database, and is not counted. */
export async function measureStart({ bundle, upstream, options }: Bench): Promise<Measured> {
  const starts = options.quick ? 1 : 7
  const start = () => startGateway('gateway', bundle, upstream)
  await (await start()).stop()
  const seconds: number[] = []
  for (let n = 1; n < starts; n++) {
    const gateway = await start()
    seconds.push(gateway.startMs / 1000)
    await gateway.stop()
  }
  const gateway = await start()
  await wait(options.idleSeconds * 1000)
  const memory = residentMiBOf(gateway.pid)
  await gateway.stop()
  const ready = estimate([...seconds, gateway.startMs / 1000])
  return {
    method: `${starts} starts on a database that exists, until /readyz`,
    tables: [{ head: ['target', 'ready after s', 'idle MiB'], rows: [['gateway', shown(ready), figure(memory)]] }],
    readings: { ready, memory: single(memory) },
  }
}
