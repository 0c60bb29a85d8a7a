/** Records a key's last use, at most once a minute over all instances, and never in the request's way. */
import { takeTurn } from '../../db/records.ts'
import type { Deps } from '../../ports/index.ts'
import { useRecord } from './record.ts'

type KeyUseDeps = Pick<Deps, 'background' | 'clock' | 'database' | 'instance' | 'log'>

const everyMs = 60_000

export function keyUse({ background, clock, database, instance, log }: KeyUseDeps): (id: string) => void {
  const recordedAt = new Map<string, number>()
  return (id) => {
    const now = clock.monotonic()
    if (now - (recordedAt.get(id) ?? Number.NEGATIVE_INFINITY) < everyMs) return
    recordedAt.set(id, now)
    const recorded = async () => takeTurn(database.open(), useRecord(id), instance, clock.now(), everyMs)
    background(recorded().catch(() => log.debug('key_use_not_recorded')))
  }
}
