/** Runs maintenance where the caller is: right for a database on a server, whose statements do not stop this thread. */
import type { Deps } from '../../ports/index.ts'
import type { StoreWork } from './outcome.ts'
import { runMaintenance } from './run.ts'
import type { Execute } from './service.ts'

/** Longer than any of its statements may take, so that a lease ends only with its run. */
const leaseMs = 120_000

export const inProcess =
  ({ clock, config, database }: Pick<Deps, 'clock' | 'config' | 'database'>, work: StoreWork): Execute =>
  async (request, options) =>
    runMaintenance({ db: database.open(), clock, retention: config.retention, work }, request, {
      ...options,
      leaseMs,
      alone: false,
    })
