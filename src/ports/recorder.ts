/** Records proxied requests for timelines. */
import type { UpstreamName } from '../config/config.ts'

/** One proxied request. */
export interface ProxiedRequest {
  /** End of the request, in epoch milliseconds. */
  at: number
  correlationId: string
  upstream: UpstreamName
  method: string
  /** The route template. */
  route: string
  status: number
  durationMs: number
}

/** Stores proxied requests; counts those that it cannot store. */
export interface RequestRecorder {
  /** Returns at once. */
  record(request: ProxiedRequest): void
  /** Resolves when all recorded requests are stored or counted as lost. Never rejects. */
  flush(): Promise<void>
}
