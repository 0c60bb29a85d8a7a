/** Upstreams that go up, down, slow and to sleep: each view that shows their state shows it anew with the next answers. */
import type { Page, Response } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Fault } from '../../support/simulators/faults.ts'
import type { Simulator } from '../../support/simulators/simulator.ts'
import type { Stage } from './stage.ts'

/** Views ask every 0.75 s: two old ones and a true one are two seconds, on a machine that has nothing else to do. */
const maxOldRounds = 2
const leastApartMs = 700

interface Change {
  fault: Fault | null
  /** What the view shows then, as text of its own. */
  shows: string | RegExp
}

interface WatchedView {
  place: string
  /** Where the state is asked for. */
  route: string
  /** The part of the page that shows it. */
  part: (page: Page) => ReturnType<Page['locator']>
}

const row = (name: string) => (page: Page) => page.getByRole('row').filter({ hasText: name })
const status = '/operator/api/status'

const shubViews: readonly WatchedView[] = [
  { place: 'overview', route: status, part: row('shubniggurath') },
  { place: 'truth', route: status, part: row('shubniggurath') },
  { place: 'truth/shubniggurath', route: status, part: (page) => page.locator('.figure').filter({ hasText: 'Now' }) },
  {
    ...{ place: 'windows?open=1', route: '/operator/api/modules' },
    part: (page) => page.locator('.service-choice').filter({ hasText: 'shubniggurath' }),
  },
]

const upAndDown: readonly Change[] = [
  { fault: { kind: 'reset' }, shows: 'Down' },
  { fault: { kind: 'slow', ms: 700 }, shows: 'Up' },
  { fault: null, shows: 'Up' },
]

export function freshness(stage: () => Stage): void {
  it.each(shubViews)('shows at $place a service that fails, answers slowly, and is well again', (view) =>
    stage().look(`fresh-${view.place}`, async () => {
      const { tab, scene } = stage()
      await tab.show(view.place)
      await view.part(tab.page).getByText('Up', { exact: true }).waitFor()
      for (const change of upAndDown) await expectShown(tab.page, view, scene.shub, change)
    }),
  )

  it('shows how slow a service is, and since it is well that it is not', () =>
    stage().look('fresh-latency', async () => {
      const { tab, scene } = stage()
      const [view] = shubViews
      await tab.show('overview')
      if (!view) return
      const slow = { fault: { kind: 'slow', ms: 700 }, shows: /^([7-9]\d\d|\d,\d\d\d) ms$/ } as const
      await expectShown(tab.page, view, scene.shub, slow)
      await tab.page
        .locator('.map .detail')
        .filter({ hasText: /[789]\d\d ms/ })
        .first()
        .waitFor()
      await expectShown(tab.page, view, scene.shub, { fault: null, shows: /^\d{1,3}(\.\d)? ms$/ })
    }))

  it('shows a service that sleeps by policy, and one that wakes', () =>
    stage().look('fresh-asleep', async () => {
      const { tab, scene } = stage()
      const view = { place: 'overview', route: status, part: row('switch') }
      await tab.show('overview')
      await expectShown(tab.page, view, scene.power, { fault: { kind: 'reset' }, shows: 'Asleep by policy' })
      await scene.post('/operator/api/window/open', { services: ['switch'], ttl_sec: 600 })
      await view.part(tab.page).getByText('Down', { exact: true }).waitFor()
      await expectShown(tab.page, view, scene.power, { fault: null, shows: 'Up' })
      await scene.post('/operator/api/window/close', {})
      await expectShown(tab.page, view, scene.power, { fault: { kind: 'reset' }, shows: 'Asleep by policy' })
      scene.power.misbehave(null)
    }))

  it('shows at hermes what hermes says now', () =>
    stage().look('fresh-hermes', async () => {
      const { tab, scene } = stage()
      const { hermes } = scene
      if (!hermes) throw new Error('the scene has no hermes')
      const view = { place: 'hermes', route: '/vx11/hermes/health', part: (page: Page) => page.locator('main') }
      await tab.show('hermes')
      const answer = { kind: 'status', status: 200, body: '{"status":"ok"}', path: '/health' } as const
      await expectShown(tab.page, view, hermes, { fault: answer, shows: 'OK' })
      await expectShown(tab.page, view, hermes, { fault: { kind: 'reset' }, shows: 'Unreachable' })
      hermes.misbehave(null)
    }))

  it('goes on to show the others while one hangs', () =>
    stage().look('fresh-beside-hanging', async () => {
      const { tab, scene } = stage()
      const [view] = shubViews
      await tab.show('overview')
      if (!view) return
      scene.power.misbehave({ kind: 'stall' })
      for (const change of upAndDown) await expectShown(tab.page, view, scene.shub, change)
      scene.power.misbehave(null)
    }))
}

/** Counts the rounds of questions that began after the change and whose answers did not tell of it yet. */
async function expectShown(page: Page, view: WatchedView, service: Simulator, { fault, shows }: Change): Promise<void> {
  let rounds = 0
  service.misbehave(fault)
  let lastRoundAt = Date.now()
  const count = (response: Response) => {
    const began = response.request().timing().startTime
    // What an event made the page ask between its rounds does not count.
    if (new URL(response.url()).pathname !== view.route || began < lastRoundAt + (rounds && leastApartMs)) return
    lastRoundAt = began
    rounds++
  }
  page.on('response', count)
  await view.part(page).getByText(shows, { exact: true }).first().waitFor()
  page.off('response', count)
  expect(rounds - 1, 'rounds that were old').toBeLessThanOrEqual(maxOldRounds)
}
