/** What the routes to hormiguero take and give (contract G16, G17, H5 to H7). */
import * as v from 'valibot'
import { KeyCursor, Next } from '../../lib/list-cursor.ts'
import { CappedInteger } from '../../lib/query-integer.ts'
import { OffByPolicy, ServiceOffline } from '../../modules/power/relayed-read.ts'

const IncidentLimit = CappedInteger(1, 200)

export const IncidentsQuery = v.object({
  status: v.optional(v.pipe(v.string(), v.regex(/^[a-z_]{1,32}$/, 'Expected 1 to 32 small letters or underscores'))),
  limit: v.optional(IncidentLimit, '10'),
  cursor: v.optional(KeyCursor),
})

export const ReportQuery = v.object({ ...IncidentsQuery.entries, limit: v.optional(IncidentLimit, '50') })

const none = { incidents: v.array(v.never()), total: v.literal(0), next: v.null() }

/** Hormiguero's list; empty with a reason while it is closed or does not answer. */
export const Incidents = v.variant('status', [
  v.object({
    status: v.literal('ok'),
    incidents: v.array(v.unknown()),
    /** Of this answer. */
    total: v.number(),
    limit: v.number(),
    next: Next,
    correlation_id: v.string(),
  }),
  v.object({ ...OffByPolicy.entries, ...none }),
  v.object({ ...ServiceOffline.entries, ...none }),
])
export type Incidents = v.InferOutput<typeof Incidents>
