/** Opens, closes and shows the power window, and puts the solo_madre policy back in force. */
import { Hono } from 'hono'
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type NeighbourDeps, readNeighbours, servicesThatAre } from '../neighbours.ts'
import { readMadreBody } from '../requests/json-body.ts'
import { originOf } from '../requests/origin.ts'
import { Refusal } from '../requests/refusal.ts'
import { requireToken } from '../requests/token.ts'
import { ExtendWindow, OpenWindowRequest } from './window-requests.ts'
import type { StoredWindow } from './window-store.ts'
import { secondsLeft, type Windows } from './windows.ts'

type WindowRouteDeps = Pick<Deps, 'clock' | 'config'> & NeighbourDeps & { windows: Windows }

/** Said with every change: the window counts, and that is all that happens. */
const booksOnly = { executed: [], message: 'Kept in the books only: there is no docker here, nothing starts or stops.' }

export const madreWindowRoutes = ({ clock, config, windows, ...neighbours }: WindowRouteDeps) => {
  const token = requireToken(config)
  const deps = { clock, ...neighbours }
  return new Hono()
    .post('/madre/power/window/open', token, async (c) => {
      const window = await windows.open(await readMadreBody(c, OpenWindowRequest), originOf(c))
      return c.json({
        ...momentsOf(window, window.openedAtMs),
        services_started: window.services,
        state: 'open',
        ...booksOnly,
      })
    })
    .post('/madre/power/window/extend', token, async (c) => {
      const window = await windows.extend(await readMadreBody(c, ExtendWindow), originOf(c))
      return c.json({ ...momentsOf(window, clock.now()), state: 'open', ...booksOnly })
    })
    .post('/madre/power/window/close', token, async (c) => {
      const window = await windows.close('closed on request', originOf(c))
      if (!window) throw new Refusal(404, 'No active window')
      const closed = { window_id: window.id, closed_at: isoMoment(clock.now()), services_stopped: window.services }
      return c.json({ ...closed, state: 'closed', ...booksOnly })
    })
    .get('/madre/power/state', token, async (c) => {
      const window = await windows.read()
      return c.json({
        policy: window ? 'windowed' : 'solo_madre',
        ...(window ? momentsOf(window, clock.now()) : noMoments),
        active_services: [...(window?.services ?? []), ...alwaysOn(config)],
      })
    })
    .get('/madre/power/policy/solo_madre/status', async (c) => {
      const [window, known] = await Promise.all([windows.read(), readNeighbours(deps)])
      return c.json({
        status: 'ok',
        policy_active: window === null,
        running_services: ['madre', 'tentaculo_link', ...servicesThatAre('up', known)],
        unknown_services: servicesThatAre('unknown', known),
        expected_services: ['madre'],
      })
    })
    .post('/madre/power/policy/solo_madre/apply', async (c) => {
      const window = await windows.close('solo_madre applied', originOf(c))
      return c.json({
        status: 'ok',
        policy: 'solo_madre',
        closed_window_id: window?.id ?? null,
        out_dir: null,
        ...booksOnly,
      })
    })
}

const momentsOf = (window: StoredWindow, now: number) => ({
  window_id: window.id,
  created_at: isoMoment(window.openedAtMs),
  deadline: window.deadlineMs === null ? null : isoMoment(window.deadlineMs),
  ttl_remaining_sec: secondsLeft(window, now),
  ...(window.extend && {
    extend: { ttl_sec: window.extend.ttlMs / 1000, until: isoMoment(window.extend.untilMs) },
  }),
})

const noMoments = { window_id: null, created_at: null, deadline: null, ttl_remaining_sec: null }

/** VX11 counts Redis among them; here it is optional. */
const alwaysOn = ({ redisUrl }: Deps['config']) => (redisUrl === null ? ['madre'] : ['madre', 'redis'])
