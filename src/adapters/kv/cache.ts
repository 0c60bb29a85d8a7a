/** Cache in Workers KV. KV's shortest TTL is 60 s; the entry's own deadline decides when it expires. */
import { createStorage } from 'unstorage'
import kvDriver from 'unstorage/drivers/cloudflare-kv-binding'
import type { Cache, Clock } from '../../ports/index.ts'
import { unstorageCache } from '../unstorage/cache.ts'

export function kvCache(namespace: KVNamespace, clock: Clock, onError: (error: unknown) => void): Cache {
  const driver = kvDriver({ binding: namespace, base: 'vx11:cache' })
  return unstorageCache(createStorage({ driver }), clock, onError)
}
