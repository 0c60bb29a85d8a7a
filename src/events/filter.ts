/** Which events of the stream a reader wants. */
import type { EventFilter, StoredEvent } from '../ports.ts'

export const wantedBy =
  ({ types, severities, module, correlationId }: EventFilter) =>
  (event: StoredEvent): boolean =>
    (types?.includes(event.type) ?? true) &&
    (severities?.includes(event.severity) ?? true) &&
    (module === undefined || event.module === module) &&
    (correlationId === undefined || event.correlationId === correlationId)
