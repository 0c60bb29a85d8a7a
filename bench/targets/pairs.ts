/** Two instances that share one stream of events: on Node over Redis and sqld, on workerd as two isolates. */
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { makeWorker } from '../../test/support/build-setup.ts'
import { startWorkerIsolates } from '../../test/support/gateways.ts'
import { startRedis } from '../../test/support/redis.ts'
import { startSqld } from '../../test/support/sqld.ts'
import { type Bundle, gatewayEnv, startGateway, type Upstream } from './targets.ts'

export interface Pair {
  runtime: 'Node' | 'workerd'
  /** Of the instances. */
  urls: readonly [string, string]
  stop(): Promise<void>
}

/** Null where redis-server or sqld is missing. */
export async function startNodePair(bundle: Bundle, upstream: Upstream): Promise<Pair | null> {
  const [redis, sqld] = await Promise.all([startRedis(), startSqld()])
  const stopStores = async () => void (await Promise.all([redis?.stop(), sqld?.stop()]))
  if (!redis || !sqld) {
    await stopStores()
    return null
  }
  await migrateDatabase(sqld)
  const env = { VX11_REDIS_URL: redis.url, VX11_DATABASE_URL: sqld.url }
  const start = () => startGateway('gateway', bundle, upstream, env)
  const [one, other] = await Promise.all([start(), start()])
  const stop = async () => {
    await Promise.all([one.stop(), other.stop()])
    await stopStores()
  }
  return { runtime: 'Node', urls: [one.url, other.url], stop }
}

export async function startIsolatePair(upstream: Upstream): Promise<Pair> {
  await makeWorker()
  const [one, other] = await startWorkerIsolates(gatewayEnv(upstream))
  return { runtime: 'workerd', urls: [one.url, other.url], stop: one.stop }
}
