/** Records each change of the power window for timelines: how long it took, by whom, and what came of it. */
import { catalogue, GatewayError } from '../../errors/gateway-error.ts'
import { outcomeOfStatus } from '../../modules/timeline/outcome.ts'
import { recordSampled } from '../../modules/timeline/sampling.ts'
import type { Deps } from '../../ports/index.ts'
import type { Caller } from './madre.ts'
import type { WindowService } from './service.ts'

type RecordingDeps = Pick<Deps, 'clock' | 'config' | 'recorder'>

export function recordedWindows(deps: RecordingDeps, { open, extend, close }: WindowService): WindowService {
  return {
    open: (request, caller, renewal) =>
      recorded(deps, `open ${request.services.join(', ')}`, caller, () => open(request, caller, renewal)),
    extend: (request, caller) => recorded(deps, 'extend', caller, () => extend(request, caller)),
    close: (caller) => recorded(deps, 'close', caller, () => close(caller)),
  }
}

async function recorded<T>(deps: RecordingDeps, name: string, caller: Caller, change: () => Promise<T>): Promise<T> {
  const startedAt = deps.clock.monotonic()
  try {
    const result = await change()
    record(deps, name, caller, startedAt, undefined)
    return result
  } catch (error) {
    record(deps, name, caller, startedAt, error)
    throw error
  }
}

function record(deps: RecordingDeps, name: string, caller: Caller, began: number, error: unknown) {
  const code = error instanceof GatewayError ? error.code : error === undefined ? null : 'internal_error'
  const status = code === null ? 200 : catalogue[code].status
  const { clock } = deps
  const durationMs = clock.monotonic() - began
  const { correlationId, principal, traceparent } = caller
  recordSampled(deps, {
    ...{ kind: 'window', at: clock.now(), durationMs, correlationId, traceparent, principal, name },
    ...{ target: 'madre', outcome: outcomeOfStatus(status), status, error: code, decisions: [], steps: [] },
  })
}
