/** What a request that wakes a module asks for, and what came of it. */
import type { UpstreamName } from '../../config/config.ts'
import type { Principal } from '../../config/principal.ts'
import type { CancelSignal } from '../../ports/index.ts'
import type { Actor } from '../audit/act.ts'

export interface WakeRequest {
  principal: Principal | undefined
  actor: Actor
  signal: CancelSignal
}

export interface Opened {
  outcome: 'opened' | 'joined'
  windowId: string | null
}

/** Null when there was nothing to wake. Rejects with a GatewayError that says why it did not. */
export type Wake = (name: UpstreamName, request: WakeRequest) => Promise<Opened | null>
