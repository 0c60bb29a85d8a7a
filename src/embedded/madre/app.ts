/** The madre of this project: speaks madre's contract, so that moving to the real one changes one variable. */
import { Hono } from 'hono'
import type { Clock } from '../../ports.ts'
import { vx11Version } from '../../vx11.ts'

/**
 * Health and power state. It cannot open windows yet, so none is ever open, and everything else answers 501.
 * Bodies follow upstream-contracts §4.1 and §4.3; errors carry `detail` alone, as madre's do.
 */
export const embeddedMadre = ({ clock }: { clock: Clock }) =>
  new Hono()
    .get('/health', (c) =>
      c.json({ module: 'madre', status: 'ok', version: vx11Version, time: new Date(clock.now()).toISOString() }),
    )
    .get('/madre/power/state', (c) =>
      c.json({
        policy: 'solo_madre',
        window_id: null,
        created_at: null,
        deadline: null,
        ttl_remaining_sec: null,
        active_services: ['madre'],
      }),
    )
    .notFound((c) => c.json({ detail: 'Embedded madre does not offer this yet; set MADRE_URL to a real madre.' }, 501))
