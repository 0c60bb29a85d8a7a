/** A reader's filter: its query parameters, and the predicate for live events. */
import * as v from 'valibot'
import type { EventFilter, StoredEvent } from '../../../ports/index.ts'
import { severityOf } from '../shape/kinds.ts'

const Listed = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.transform((text) => text.split(',').map((word) => word.trim())),
)

/** One or several types and severities with commas; every word of kinds.ts is a severity. */
export const filterEntries = {
  type: v.optional(v.pipe(Listed, v.minLength(1), v.maxLength(50))),
  severity: v.optional(
    v.pipe(
      Listed,
      v.check(
        (words) => words.every((word) => severityOf(word) !== undefined),
        'Expected info, warn, error or critical',
      ),
      v.transform((words) => words.flatMap((word) => severityOf(word) ?? [])),
    ),
  ),
  module: v.optional(v.pipe(v.string(), v.maxLength(64))),
  correlation_id: v.optional(v.pipe(v.string(), v.maxLength(128))),
}

const FilterQuery = v.object(filterEntries)
type FilterQuery = v.InferOutput<typeof FilterQuery>

export const filterOf = (query: FilterQuery): EventFilter => ({
  ...(query.type !== undefined && { types: query.type }),
  ...(query.severity !== undefined && { severities: query.severity }),
  ...(query.module !== undefined && { module: query.module }),
  ...(query.correlation_id !== undefined && { correlationId: query.correlation_id }),
})

/** Undefined when the filter keeps every event. */
export function wantedBy(filter: EventFilter): ((event: StoredEvent) => boolean) | undefined {
  const { types, severities, module, correlationId } = filter
  if (!types && !severities && module === undefined && correlationId === undefined) return undefined
  return (event) =>
    (types?.includes(event.type) ?? true) &&
    (severities?.includes(event.severity) ?? true) &&
    (module === undefined || event.module === module) &&
    (correlationId === undefined || event.correlationId === correlationId)
}
