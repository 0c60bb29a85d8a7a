/** The console in Chromium, against both runtimes: what it shows is what the gateway knows, what it does is done. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ConsolePage, hasChromium, launchBrowser, openConsole, seen } from '../support/browser.ts'
import { type Scene, sceneToken, startScene } from '../support/console-scene.ts'
import { runtimes } from '../support/gateways.ts'

/** Only a stuck test meets it. */
const timeout = 90_000
const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> \u202Etxt.exe\u0000 🐙'
const shown = (complaints: readonly string[]) => expect(complaints).toEqual([])

describe.skipIf(!hasChromium).each(runtimes)('the console on %s', { timeout }, (runtime, start) => {
  let browser: Browser
  let scene: Scene
  let tab: ConsolePage

  beforeAll(async () => {
    ;[browser, scene] = await Promise.all([
      launchBrowser(),
      startScene(start, (last) => `**you said** ${last} ${hostile}`),
    ])
    tab = await openConsole(browser, scene.gateway.url, { token: sceneToken })
    tab.page.setDefaultTimeout(60_000)
  }, timeout)
  afterAll(async () => {
    await browser?.close()
    await scene?.stop()
  }, timeout)
  afterEach(() => tab.context.setOffline(false))
  const look = (name: string, steps: () => Promise<void>) => seen(tab, `${runtime}-${name}`, steps)

  it('lets in who has the token, and keeps it out of the address', async () => {
    const entry = await openConsole(browser, scene.gateway.url)
    await seen(entry, `${runtime}-entry`, async () => {
      const { page } = entry
      await page.getByLabel('Token', { exact: true }).fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByText('does not accept this token').waitFor()
      await page.getByLabel('Token', { exact: true }).fill(sceneToken)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Overview' }).waitFor()
      expect(page.url()).not.toContain(sceneToken)
      expect(await page.evaluate('Object.keys(localStorage)')).not.toContain('vx11.token')
      shown(entry.complaints)
    })
    await entry.close()
  })

  it('shows what is up, and within moments that it no longer is', () =>
    look('overview', async () => {
      await tab.show('overview')
      const row = tab.page.getByRole('row').filter({ hasText: 'shubniggurath' })
      await row.getByText('Up', { exact: true }).waitFor()
      await tab.page.getByText('Live', { exact: true }).waitFor()
    }))

  it('opens a window and closes it', () =>
    look('windows', async () => {
      await tab.show('windows?open=1')
      const { page } = tab
      await page.getByLabel('switch').check()
      await page.getByRole('button', { name: 'Open a window' }).click()
      await page.getByText('Open window', { exact: true }).waitFor()
      expect(await scene.read('/operator/api/window/status')).toMatchObject({
        status: 'open',
        active_services: expect.arrayContaining(['switch']),
      })
      await page.getByRole('button', { name: 'Close the window' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Close the window' }).click()
      await page.getByText('No window is open').waitFor()
      expect(await scene.read('/operator/api/window/status')).toMatchObject({ status: 'none' })
    }))

  it('follows events, and shows as text what is meant to be more', () =>
    look('events', async () => {
      await tab.show('events')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      const event = {
        source: 'probe',
        type: 'hostile.thing',
        payload: { message: hostile, summary: hostile, long: 'x'.repeat(60_000) },
      }
      expect((await scene.post('/events/ingest', event)).status).toBe(200)
      await tab.page.locator('.tail-row').filter({ hasText: 'hostile.thing' }).first().click()
      await tab.page.locator('.event-detail').getByText('onerror', { exact: false }).first().waitFor()
      expect(await tab.page.evaluate(`'hacked' in window`)).toBe(false)
      expect(await tab.page.locator('main img, main script').count()).toBe(0)
      const width = await tab.page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(width).toBeLessThanOrEqual(0)
      shown(tab.complaints)
    }))

  it('misses no event of the time it was offline', () =>
    look('offline', async () => {
      await tab.show('events?type=while.away')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      await tab.context.setOffline(true)
      await tab.page.getByText(/^Offline/).waitFor()
      for (let index = 0; index < 5; index++) {
        await scene.post('/events/ingest', {
          source: 'probe',
          type: 'while.away',
          payload: { message: `missed ${index}` },
        })
      }
      await tab.context.setOffline(false)
      for (let index = 0; index < 5; index++)
        await tab.page
          .locator('.tail-row')
          .filter({ hasText: `missed ${index}` })
          .waitFor()
      await tab.page.getByText('Live', { exact: true }).waitFor()
      expect(await tab.page.locator('.tail-row').count()).toBe(5)
    }))

  it('chats, says who answered, and shows Markdown without what it could do', () =>
    look('chat', async () => {
      await scene.post('/operator/api/window/open', { services: ['switch'], ttl_sec: 600 })
      await tab.show('chat/new')
      const { page } = tab
      await page.getByLabel('Message', { exact: true }).fill('hello there')
      await page.keyboard.press('Enter')
      await page.locator('.answer .markdown strong').filter({ hasText: 'you said' }).waitFor()
      await page.getByText('Answered by').first().waitFor()
      expect(await page.evaluate(`'hacked' in window`)).toBe(false)
      expect(await page.locator('.messages img, .messages script').count()).toBe(0)
      const { sessions } = await scene.read<{ sessions: { session_id: string }[] }>('/operator/api/chat/sessions')
      expect(page.url()).toContain(sessions[0]?.session_id)
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByText('No conversation yet').waitFor()
      expect(await scene.read('/operator/api/chat/sessions')).toMatchObject({ sessions: [] })
      await scene.post('/operator/api/window/close', {})
      shown(tab.complaints)
    }))

  it('writes a setting, shows who did, and takes it away', () =>
    look('settings', async () => {
      await tab.show('settings')
      const { page } = tab
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByLabel('Key').fill('probe')
      await page.getByLabel('Value').fill(JSON.stringify({ note: hostile }))
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Created').first().waitFor()
      expect(await scene.read('/operator/api/settings')).toMatchObject({ settings: { probe: { note: hostile } } })
      await page.getByRole('button', { name: 'Delete probe' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByText('Removed').first().waitFor()
      expect(await scene.read('/operator/api/settings')).toMatchObject({ settings: {} })
      expect(await page.evaluate(`'hacked' in window`)).toBe(false)
    }))

  it('tries a request and shows what decided it', () =>
    look('try', async () => {
      await tab.show('try?path=/shub/ready')
      await tab.page.getByRole('button', { name: 'Send' }).click()
      await tab.page.getByText(/^200/).waitFor()
      await tab.page.getByText('x-correlation-id').first().waitFor()
    }))
})
