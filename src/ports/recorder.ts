/** The exchanges that timelines are made of. */
import type { UpstreamName } from '../config/config.ts'

/** One exchange of a caller with an upstream. */
export interface ProxiedRequest {
  /** Epoch milliseconds of its end. */
  at: number
  correlationId: string
  upstream: UpstreamName
  method: string
  /** The route template. */
  route: string
  status: number
  durationMs: number
}

/** Keeps exchanges for timelines; what it cannot keep it counts. */
export interface RequestRecorder {
  /** Costs the caller no waiting. */
  record(request: ProxiedRequest): void
  /** Resolves when all that was recorded is kept or counted. Never rejects. */
  flush(): Promise<void>
}
