/** Decides which finished work is recorded: what failed, what was slow, and a share of what callers may look for. */
import type { TimelineConfig } from '../../config/telemetry/timeline.ts'
import type { Deps, RecordedWork } from '../../ports/index.ts'

/** `given`: under an id that its caller chose; nobody looks for an id that the gateway generated. */
export const isRecorded = (
  { share, slowMs }: TimelineConfig,
  failed: boolean,
  durationMs: number,
  given: boolean,
  correlationId: string,
): boolean => failed || durationMs >= slowMs || (given && (share >= 1 || placeOf(correlationId) < share))

/** For what the gateway does itself: its answers name their correlation id. */
export function recordSampled({ config, recorder }: Pick<Deps, 'config' | 'recorder'>, work: RecordedWork): void {
  const { outcome, durationMs, correlationId } = work
  if (isRecorded(config.timeline, outcome === 'failed', durationMs, true, correlationId)) recorder.record(work)
}

/** The same from 0 to 1 on every instance, so that a correlation is recorded as a whole or not at all (FNV-1a). */
export function placeOf(correlationId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < correlationId.length; index++) {
    hash = Math.imul(hash ^ correlationId.charCodeAt(index), 0x01000193)
  }
  // Its last characters would decide alone: ids in sequence differ only there.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
