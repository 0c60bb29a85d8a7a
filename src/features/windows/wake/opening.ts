/** Opens a window for services, or joins the one that is open, and remembers who did. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import type { PowerReading } from '../../../modules/power/power-policy.ts'
import type { Opened } from '../../../modules/power/wake.ts'
import type { Deps } from '../../../ports/index.ts'
import type { Caller } from '../madre.ts'
import type { WindowDeps, WindowService } from '../service.ts'
import type { WokenRecord } from './schema.ts'
import type { WakeStore } from './store.ts'

export type OpeningDeps = WindowDeps & Pick<Deps, 'random'> & { windows: WindowService; store: WakeStore }

export interface Opening {
  services: readonly string[]
  ttlS: number
  /** Set for a window that ends by disuse. */
  idle: { idleS: number; maxS: number } | null
  by: WokenRecord['by']
  name: string
  caller: Caller
  /** Taken before a window is opened, not before one is joined. */
  budget?: { take(): Promise<void>; giveBack(): Promise<void> }
  /** Called before a window is opened. */
  begin(): Promise<void>
}

export async function openOrJoin(deps: OpeningDeps, opening: Opening): Promise<Opened> {
  const before = joined(opening, await deps.policy.read(), deps.clock.now())
  if (before) return before
  await opening.budget?.take()
  await opening.begin()
  try {
    return await open(deps, opening)
  } catch (error) {
    if (!isActive(error)) throw error
    // Another instance was faster.
    await opening.budget?.giveBack()
    const now = joined(opening, await deps.policy.read(), deps.clock.now())
    if (!now) throw error
    return now
  }
}

const isActive = (error: unknown): boolean => error instanceof GatewayError && error.code === 'window_already_active'

/** Undefined where a window must be opened. One window is open at a time, and taking it away would end others' work. */
function joined({ services }: Opening, { state, change }: PowerReading, now: number): Opened | undefined {
  const opening = change?.state === 'opening' ? change.services : null
  const held = opening ?? (state.window ? state.activeServices : null)
  if (held === null) return undefined
  if (services.every((name) => held.includes(name))) return { outcome: 'joined', windowId: state.window?.id ?? null }
  const endsAtMs = state.window?.endsAtMs
  throw new GatewayError('window_already_active', {
    detail: `The window that is open does not list ${services.join(', ')}. Close it first, or wait for its deadline.`,
    ...(endsAtMs != null && { retryAfterMs: Math.max(1000, endsAtMs - now) }),
  })
}

async function open(deps: OpeningDeps, opening: Opening): Promise<Opened> {
  const { services, idle, by, name, caller } = opening
  const isEmbedded = deps.config.upstreams.madre.kind === 'embedded'
  // The embedded madre ends an unused window herself; a real one is told to when it was unused.
  const ttlS = idle ? (isEmbedded ? idle.idleS : idle.maxS) : opening.ttlS
  const request = { services: [...services], mode: 'ttl' as const, ttlS, reason: `${by} of ${name}`.slice(0, 500) }
  const change = await deps.windows.open(request, caller, idle && isEmbedded ? { maxTtlS: idle.maxS } : undefined)
  const windowId = change.window_id
  if (windowId === null) return { outcome: 'opened', windowId }
  const at = deps.clock.now()
  const record: WokenRecord = {
    ...{ windowId, by, name, services: [...services], at, lastUseAt: at },
    idleS: idle?.idleS ?? null,
  }
  await remember(deps, record)
  return { outcome: 'opened', windowId }
}

/** Without the record the window still ends at its deadline. */
const remember = async ({ log, store, clock }: OpeningDeps, record: WokenRecord): Promise<void> => {
  await store.writeWoken(record, clock.now()).catch((error: unknown) => {
    log.warn('wake_not_recorded', { reason: rootReason(error) })
  })
}
