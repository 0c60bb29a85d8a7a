/** Maintenance of a database on a server, as far as its owner lets a client go. */
import type { StoreWork } from './outcome.ts'

export const remoteWork = (store: 'server' | 'd1', maxBatches: number, steps: StoreWork['steps'] = {}): StoreWork => ({
  store,
  path: null,
  maxBatches,
  steps,
})
