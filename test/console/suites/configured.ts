/** What only some configurations have: schedules, windows that wake, rotation, several addresses; and an audit of drift. */
import { expect, it } from 'vitest'
import { type ConsolePage, openConsole, seen } from '../../support/browser.ts'
import { type Scene, sceneToken, startScene } from '../../support/console-scene.ts'
import type { Gateway } from '../../support/gateways.ts'
import { startShub } from '../../support/simulators/shub.ts'
import type { Stage } from './stage.ts'

type Start = (env?: Record<string, string>) => Promise<Gateway>

const schedule = {
  name: 'night',
  cron: '30 2 * * *',
  timezone: 'Europe/Madrid',
  services: ['switch'],
  ttl_seconds: 3600,
}
const reader = 'reader-token-of-24-characters-and-more'
const env = {
  VX11_WINDOW_SCHEDULES: JSON.stringify([schedule]),
  VX11_WAKE_ENABLED: 'true',
  VX11_CHAT_ROTATION: 'on',
  VX11_TIMELINE_SLOW_MS: '300',
  VX11_TOKENS: JSON.stringify([{ name: 'reader', token: reader, scopes: ['operator'] }]),
}

export function configured(stage: () => Stage, start: Start): void {
  it('shows and does what a configuration adds: wakes, rotation, addresses, slow and failed requests, drift', async () => {
    const second = await startShub({ token: sceneToken, analysis: 'works' })
    const withAddresses: Start = (given) => start({ ...given, SHUB_URL: `${given?.SHUB_URL} weight=3, ${second.url}` })
    const scene = await startScene(withAddresses, { modelReply: (last) => `read: ${last}`, env })
    const tab = await openConsole(stage().browser, scene.gateway.url, { token: sceneToken })
    const both = { tab, scene }
    try {
      for (const [name, steps] of Object.entries({ wakes, rotation, addresses, correlations, drift, forecasts }))
        await seen(tab, `configured-${name}`, () => steps(both))
      expect(tab.complaints).toEqual([])
      await tab.close()
      await seen(tab, 'configured-reader', () => withoutScope(stage(), scene))
    } finally {
      await scene.stop()
      await second.close()
    }
  })
}

interface Both {
  tab: ConsolePage
  scene: Scene
}

const rowOf = ({ page }: ConsolePage, text: string) => page.getByRole('row').filter({ hasText: text })

async function wakes({ tab, scene }: Both): Promise<void> {
  await tab.show('windows')
  const { schedules } = await scene.read<{ schedules: { next_at: string }[] }>('/operator/api/window/status')
  await rowOf(tab, 'night').getByText('30 2 * * *').waitFor()
  const next = rowOf(tab, 'night').locator(`time[datetime="${schedules[0]?.next_at.replace(/(\.000)?Z$/, '.000Z')}"]`)
  await next.waitFor()
  const woken = await scene.ask('/switch/queue/status', { headers: { 'x-vx11-wake': '1' } })
  expect(woken.headers.get('x-vx11-woken')).not.toBeNull()
  await tab.page.getByText('a request of link').first().waitFor()
  await rowOf(tab, 'Woken').getByText('a request of link').waitFor()
}

interface Report {
  pinned: { model: string } | null
  frozen: object | null
  models: { thumbs_up: number; thumbs_down: number }[]
}

async function rotation({ tab, scene }: Both): Promise<void> {
  const { page } = tab
  const report = () => scene.read<Report>('/operator/api/chat/rotation')
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  await scene.post('/operator/api/chat', { message: 'Is the mix ready?' })
  const { sessions } = await scene.read<{ sessions: { session_id: string }[] }>('/operator/api/chat/sessions')
  await tab.show(`chat/${sessions[0]?.session_id}`)
  await press('A good answer')
  await expect.poll(async () => (await report()).models[0]?.thumbs_up).toBe(1)
  await page.getByText('thumbs 1 up, 0 down').waitFor()
  await page.locator('[aria-pressed="true"][aria-label="A good answer"]').waitFor()
  await press('Pin')
  await page.getByText('Pinned by link.').waitFor()
  expect((await report()).pinned).toMatchObject({ model: 'switch' })
  await press('Unpin')
  await page.getByText('Pinned by link.').waitFor({ state: 'detached' })
  expect((await report()).pinned).toBeNull()
  await press('Freeze the order')
  await page.getByText('Frozen by link').waitFor()
  expect((await report()).frozen).not.toBeNull()
  await press('Let the order follow')
  await page.getByText('Frozen by link').waitFor({ state: 'detached' })
  expect((await report()).frozen).toBeNull()
}

async function addresses({ tab, scene }: Both): Promise<void> {
  await tab.show('traffic')
  const address = rowOf(tab, scene.shub.url)
  await address.getByText('Up', { exact: true }).waitFor()
  const frame = tab.page.getByRole('group', { name: 'Upstreams', exact: true })
  expect(await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  scene.shub.misbehave({ kind: 'reset' })
  await address.getByText('Down', { exact: true }).waitFor()
  scene.shub.misbehave(null)
  await address.getByText('Up', { exact: true }).waitFor()
}

async function correlations({ tab, scene }: Both): Promise<void> {
  const { page } = tab
  const ask = (id: string) => scene.ask('/switch/queue/status', { method: 'PUT', headers: { 'x-correlation-id': id } })
  scene.power.misbehave({ kind: 'status', status: 500, body: '{}' })
  await ask('it-failed')
  scene.power.misbehave({ kind: 'slow', ms: 400 })
  await ask('it-was-slow')
  scene.power.misbehave(null)
  await tab.show('timeline?show=failed')
  await rowOf(tab, 'it-failed').getByText('Failed', { exact: true }).waitFor()
  expect(await rowOf(tab, 'it-was-slow').count()).toBe(0)
  await page.getByRole('button', { name: 'Slow', exact: true }).click()
  await rowOf(tab, 'it-was-slow').waitFor()
  expect(page.url()).toContain('show=slow')
  expect(await rowOf(tab, 'it-failed').count()).toBe(0)
  await tab.show('timeline/it-failed')
  await page.getByText(/^PUT \/switch\/\* \(switch\) failed after [\d.]+ ms \(500\): switch 500 in/).waitFor()
  await page.getByRole('button', { name: 'ES: español' }).click()
  await page.getByText(/^PUT \/switch\/\* \(switch\) falló tras [\d,]+ ms \(500\): switch 500 en/).waitFor()
  await page.getByRole('button', { name: 'EN: English' }).click()
}

async function drift({ tab, scene }: Both): Promise<void> {
  const { page } = tab
  type Audit = { audited_at: string; trigger: string; drifts: { subject: string }[] }
  const audit = () => scene.read<Audit>('/operator/api/drift')
  await tab.show('drift')
  await page.getByRole('button', { name: 'Audit now' }).click()
  await page.getByText(/^Audited: /).waitFor()
  expect(await audit()).toMatchObject({ trigger: 'request' })
  await page.getByRole('link', { name: 'Flags' }).click()
  await rowOf(tab, 'VX11_WAKE_ENABLED').getByText('true', { exact: true }).waitFor()
  expect(page.url()).toContain('area=flags')
  expect((await audit()).drifts.map(({ subject }) => subject)).toContain('VX11_WAKE_ENABLED')
  await page.getByRole('button', { name: 'ES: español' }).click()
  await page.goto(page.url().replace('?area=flags', ''))
  await page.locator('main [lang="en"]').first().waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'EN: English' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Report' }).click()
  expect((await download).suggestedFilename()).toBe('VX11_DRIFT_REPORT.md')
}

async function forecasts({ tab, scene }: Both): Promise<void> {
  type Report = { forecasts: { name: string; reason: string | null }[] }
  const { forecasts: all } = await scene.read<Report>('/operator/api/forecasts')
  expect(all.find(({ name }) => name === 'token_budget')?.reason).toBe('no_limit')
  await tab.show('truth')
  await rowOf(tab, 'Tokens of the day').getByText('no limit is set').waitFor()
  const bars = rowOf(tab, 'shubniggurath').locator('.availability')
  await expect
    .poll(async () => Promise.all([0, 1, 2].map((each) => bars.nth(each).locator('i').count())))
    .toEqual([12, 24, 28])
}

/** Who may only read sees the same, and why nothing can be pressed. */
async function withoutScope({ browser }: Stage, scene: Scene): Promise<void> {
  const tab = await openConsole(browser, scene.gateway.url, { token: reader })
  await tab.show('chat')
  const pin = tab.page.getByRole('button', { name: /^Pin/ })
  await pin.waitFor()
  await expect.poll(() => pin.getAttribute('title')).toBe('Needs a token with the scope admin')
  // A click of the mouse lands on it all the same, and must change nothing.
  await pin.click({ force: true })
  expect((await scene.read<Report>('/operator/api/chat/rotation')).pinned).toBeNull()
  await tab.close()
}
