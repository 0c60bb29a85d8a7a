/** Says how madre is and what it knows; its chat says the same in words. */
import { Hono } from 'hono'
import * as v from 'valibot'
import { vx11Version } from '../../config/vx11.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import type { Deps } from '../../ports/index.ts'
import { chatAnswer } from './chat.ts'
import { type NeighbourDeps, readNeighbours, servicesThatAre } from './neighbours.ts'
import { Dict, Name, Prose } from './requests/fields.ts'
import { readMadreBody } from './requests/json-body.ts'
import type { StoredWindow } from './windows/window-store.ts'
import type { Windows } from './windows/windows.ts'

type ReportDeps = Pick<Deps, 'clock' | 'log' | 'random' | 'maintenance'> & NeighbourDeps & { windows: Windows }

const ChatRequest = v.object({ message: Prose(4000), session_id: v.nullish(Name()), context: v.nullish(Dict) })

export const madreReportRoutes = (deps: ReportDeps) => {
  const { clock, random } = deps
  return new Hono()
    .get('/health', async (c) =>
      c.json({
        module: 'madre',
        status: 'ok',
        version: vx11Version,
        time: isoMoment(clock.now()),
        ...(await delegates(deps)),
      }),
    )
    .get('/madre/status', async (c) => {
      const [window, known, db] = await Promise.all([readWindow(deps), readNeighbours(deps), readDatabase(deps)])
      return c.json({
        module: 'madre',
        version: vx11Version,
        mode: window === undefined ? null : window ? 'windowed' : 'solo_madre',
        services_expected: ['tentaculo_link', ...(window?.services ?? [])],
        // The gateway runs, or this request could not have arrived.
        services_running: ['tentaculo_link', ...servicesThatAre('up', known)],
        services_unknown: servicesThatAre('unknown', known),
        db: { ...db, exists: window === undefined ? null : true },
        canon: { files: null, dir: null, reason: 'The embedded madre has no canon.' },
        timestamp: isoMoment(clock.now()),
      })
    })
    .post('/madre/chat', async (c) => {
      const { session_id } = await readMadreBody(c, ChatRequest)
      const [window, neighbours] = await Promise.all([readWindow(deps), readNeighbours(deps)])
      const ids = { session_id: session_id || random.uuid(), intent_id: random.uuid(), plan_id: random.uuid() }
      return c.json(chatAnswer(ids, { window, neighbours, now: clock.now() }))
    })
}

/** What the last maintenance found: its checks are too heavy for a status. */
async function readDatabase({ maintenance }: Pick<Deps, 'maintenance'>) {
  const last = await maintenance.read().then(
    (status) => status.last,
    () => null,
  )
  return {
    path: last?.path ?? null,
    size_bytes: last?.size_bytes ?? null,
    quick_check: last?.steps.quick_check?.result?.verdict ?? null,
    fk_violations: last?.steps.foreign_key_check?.result?.violations ?? null,
    checked_at: last?.finished_at ?? null,
    reason: last ? null : 'No maintenance has run yet.',
  }
}

/** The measured ones of the three that madre reports on; the field is absent when none is measured. */
async function delegates(deps: NeighbourDeps): Promise<{ deps?: Record<string, string> }> {
  const known = await readNeighbours(deps, ['switch', 'hormiguero', 'spawner'])
  const measured = Object.entries(known).filter(([, state]) => state === 'up' || state === 'down')
  return measured.length > 0 ? { deps: Object.fromEntries(measured) } : {}
}

/** Undefined when the database does not answer. */
const readWindow = ({ windows, log }: ReportDeps): Promise<StoredWindow | null | undefined> =>
  windows.read().catch((error: Error) => {
    log.warn('power_state_unknown', { reason: error.message })
    return undefined
  })
