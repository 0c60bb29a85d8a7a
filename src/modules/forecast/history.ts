/** What was measured of a resource, and whether that was announced: of what all instances share, in the database. */
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { parseRecord, readRecords, writeRecords } from '../../db/records.ts'
import { type Alarm, noAlarm } from './alarm.ts'
import type { ResourceName } from './resources.ts'
import type { Sample } from './trend.ts'

export interface History {
  /** Oldest first. */
  samples: readonly Sample[]
  alarm: Alarm
}

export type ResourceHistories = ReadonlyMap<ResourceName, History>

export const nothingMeasured: History = { samples: [], alarm: noAlarm }

const maxSamples = 120
const maxAgeMs = 2 * 3_600_000

/** A clock that was set back drops what now lies in the future. */
export const withSample = (samples: readonly Sample[], sample: Sample): Sample[] =>
  [...samples.filter(({ at }) => at < sample.at && at > sample.at - maxAgeMs), sample].slice(-maxSamples)

const StoredHistory = v.object({
  samples: v.array(v.strictTuple([v.number(), v.number()])),
  alarm: v.object({ isRaised: v.boolean(), looks: v.number() }),
})

const keyOf = (name: ResourceName) => `gateway:forecast:${name}`

/** What is missing or in another form begins anew. */
export async function readHistories(db: Db, names: readonly ResourceName[]): Promise<ResourceHistories> {
  const texts = await readRecords(db, names.map(keyOf))
  return new Map(
    names.flatMap((name) => {
      const stored = parseRecord(StoredHistory, texts.get(keyOf(name)))
      if (!stored) return []
      return [[name, { alarm: stored.alarm, samples: stored.samples.map(([at, left]) => ({ at, left })) }] as const]
    }),
  )
}

export async function writeHistories(db: Db, histories: ResourceHistories, now: number): Promise<void> {
  const texts = [...histories].map(([name, { samples, alarm }]) => {
    const text = JSON.stringify({ alarm, samples: samples.map(({ at, left }) => [at, left]) })
    return [keyOf(name), text] as const
  })
  await writeRecords(db, Object.fromEntries(texts), now)
}
