/** Opening with wait=ready: an answer when the services do, or 202. */
import { describe, expect, it } from 'vitest'
import { WindowChange, WindowPending } from '../../src/features/windows/schema.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { api, expectJson, madre, windowsApp } from '../support/windows-app.ts'

describe('wait=ready', () => {
  const open = { services: ['switch', 'tentaculo_link', 'operator-frontend'], ttl_sec: 600 }

  it('answers when every service does that can be asked', async () => {
    const gateway = windowsApp()
    const answer = gateway.post(`${api}/open?wait=ready`, open)
    await gateway.clock.whenSleeping()
    await gateway.clock.advance(499)
    gateway.network.answer('http://switch.test:8002/health', jsonAnswer({ status: 'ok' }))
    await gateway.clock.advance(1)
    const opened = await expectJson(await answer, WindowChange)
    expect(opened.ready).toEqual({ switch: true, tentaculo_link: true, 'operator-frontend': null })
  })

  it('says 202 and where to look when a service takes longer than the budget', async () => {
    const gateway = windowsApp()
    const answer = gateway.post(`${api}/open?wait=ready&budget_sec=3`, open)
    for (let turn = 0; turn < 7; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await gateway.clock.advance(500)
    }
    expect(await expectJson(await answer, WindowPending, 202)).toMatchObject({
      status: 'pending',
      state: 'open',
      window_id: 'w-1',
      ready: { switch: false },
      status_url: '/operator/api/window/status',
    })
  })

  it('says 202 while madre still opens, and lets it go on', async () => {
    const work: Promise<unknown>[] = []
    const gateway = windowsApp({}, { background: (each: Promise<unknown>) => void work.push(each) })
    let done: (answer: UpstreamAnswer) => void = () => {}
    gateway.network.answer(`${madre}/window/open`, () => new Promise((resolve) => (done = resolve)))
    let isOver = false
    const answer = Promise.resolve(gateway.post(`${api}/open?wait=ready`, open)).finally(() => {
      isOver = true
    })
    while (!isOver) await gateway.clock.advance(1000)
    const pending = await expectJson(await answer, WindowPending, 202)
    expect(pending).toMatchObject({ state: 'opening', window_id: null, ready: { switch: false } })
    done(jsonAnswer({}, 500))
    await Promise.all(work)
    expect(gateway.logLines).toContainEqual(expect.objectContaining({ event: 'window_not_opened' }))
  })

  it.each(['?wait=yes', '?wait=ready&budget_sec=0', '?wait=ready&budget_sec=301', '?wait=ready&budget_sec=1e2'])(
    'refuses %s',
    async (query) => {
      await expectProblem(await windowsApp().post(`${api}/open${query}`, open), 'validation_error')
    },
  )
})
