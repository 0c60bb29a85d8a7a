/** What an operator does is done: checked at the gateway, not only on the page. */
import { expect, it } from 'vitest'
import { openConsole, seen } from '../../support/browser.ts'
import { sceneToken } from '../../support/console-scene.ts'
import type { Stage } from './stage.ts'

export function operating(stage: () => Stage): void {
  it('lets in who has the token, and keeps it out of the address', async () => {
    const { browser, scene } = stage()
    const entry = await openConsole(browser, scene.gateway.url)
    await seen(entry, 'entry', async () => {
      const { page } = entry
      await page.getByLabel('Token', { exact: true }).fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByText('does not accept this token').waitFor()
      await page.getByLabel('Token', { exact: true }).fill(sceneToken)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Overview' }).waitFor()
      expect(page.url()).not.toContain(sceneToken)
      expect(await page.evaluate('Object.keys(localStorage)')).not.toContain('vx11.token')
      expect(entry.complaints).toEqual([])
    })
    await entry.close()
  })

  it('opens a window and closes it', () =>
    stage().look('windows', async () => {
      const { tab, scene } = stage()
      await tab.show('windows?open=1')
      const { page } = tab
      await page.getByLabel('switch').check()
      await page.getByRole('button', { name: 'Open a window' }).click()
      await page.getByText('Open window', { exact: true }).waitFor()
      const status = () => scene.read<Record<string, unknown>>('/operator/api/window/status')
      expect(await status()).toMatchObject({ status: 'open', active_services: expect.arrayContaining(['switch']) })
      await page.getByRole('button', { name: 'Close the window' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Close the window' }).click()
      await page.getByText('No window is open').waitFor()
      expect(await status()).toMatchObject({ status: 'none' })
    }))

  it('extends a window where it can, and else opens another after it has said what that stops', () =>
    stage().look('extend', async () => {
      const { tab, scene } = stage()
      const { page } = tab
      const dialog = page.getByRole('dialog')
      const status = () => scene.read<{ window_id: string; ttl_seconds: number }>('/operator/api/window/status')
      await scene.post('/operator/api/window/open', { services: ['switch'], ttl_sec: 300 })
      const { window_id } = await status()
      const extend = async (seconds: string) => {
        await page.getByRole('button', { name: 'Extend' }).click()
        await dialog.getByRole('spinbutton').fill(seconds)
        await dialog.getByRole('button', { name: 'Extend' }).click()
      }
      await tab.show('windows')
      await page.getByRole('button', { name: 'Extend' }).click()
      await dialog.getByRole('spinbutton').fill('0')
      expect(await dialog.getByRole('button', { name: 'Extend' }).getAttribute('aria-disabled')).toBe('true')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      expect((await status()).ttl_seconds).toBeLessThanOrEqual(300)
      await extend('14400')
      await page
        .getByRole('timer')
        .getByText(/^(3:5\d:\d\d|4:00:00)$/)
        .waitFor()
      expect(await status()).toMatchObject({ window_id })
      expect((await status()).ttl_seconds).toBeGreaterThan(14_000)
      // A real madre cannot move a deadline, and this is how the gateway says so.
      const refusal = { status: 501, json: { error: 'not_implemented', detail: 'madre cannot extend' } }
      await page.route('**/window/extend', (route) => route.fulfill(refusal))
      await extend('1800')
      await dialog.getByRole('button', { name: 'Close and open anew' }).click()
      const isAnother = ({ window_id: id }: { window_id: string | null }) => id !== null && id !== window_id
      await expect.poll(async () => isAnother(await status())).toBe(true)
      expect((await status()).ttl_seconds).toBeLessThanOrEqual(1800)
      await page.unroute('**/window/extend')
      await scene.post('/operator/api/window/close', {})
    }))

  it('makes a key, shows it once, revokes it, and has both in the audit', () =>
    stage().look('keys', async () => {
      const { tab, scene } = stage()
      const { page } = tab
      await tab.show('keys')
      await page.getByRole('button', { name: 'New key' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill('night-shift')
      await dialog.getByRole('button', { name: 'Make the key' }).click()
      const key = (await dialog.locator('pre').textContent())?.trim() ?? ''
      const { url } = scene.gateway
      const status = async () =>
        (await fetch(`${url}/operator/api/whoami`, { headers: { 'x-vx11-token': key } })).status
      expect(await status()).toBe(200)
      await dialog.getByRole('button', { name: 'I have it' }).click()
      await page.getByText(key).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Revoke' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
      await page.getByText('Revoked', { exact: true }).first().waitFor()
      await expect.poll(status).toBe(403)
      await tab.show('audit?what=key&target=night-shift')
      for (const act of ['key.create', 'key.revoke']) await page.getByText(act, { exact: true }).waitFor()
      expect(await page.getByText('window.open', { exact: true }).count()).toBe(0)
    }))

  it('shows who is notified, and sends a test that arrives', () =>
    stage().look('notifications', async () => {
      const { tab, receiver } = stage()
      await tab.show('settings')
      const { page } = tab
      const row = page.getByRole('row').filter({ hasText: 'night' })
      const send = row.getByRole('button', { name: 'Send a test' })
      await send.click()
      await page.getByText('night took the test').waitFor()
      expect(receiver.taken().filter(({ body }) => body.includes('A test of this destination'))).not.toEqual([])
      receiver.answer(418)
      await send.click()
      await page.getByText('The receiver did not take it').first().waitFor()
      receiver.answer(204)
    }))

  it('works without a mouse: finds a view by Ctrl-K, opens a dialog, leaves it, and is where it was', () =>
    stage().look('keyboard', async () => {
      const { tab } = stage()
      const { page } = tab
      await tab.show('overview')
      const palette = page.getByRole('combobox')
      const focused = expect.poll(() => page.evaluate('document.activeElement.textContent.trim()'))
      await page.keyboard.press('Control+k')
      await palette.waitFor()
      await page.keyboard.type('setti')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Settings' }).first().waitFor()
      const add = page.getByRole('button', { name: 'Add' })
      await add.waitFor()
      await reach(page, 'Add')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await focused.toBe('Add')
      await page.keyboard.press('Control+k')
      await palette.waitFor()
      await page.keyboard.press('Escape')
      await palette.waitFor({ state: 'detached' })
      await focused.toBe('Add')
    }))

  it('tries a request and shows what decided it', () =>
    stage().look('try', async () => {
      const { tab } = stage()
      await tab.show('try?path=/shub/ready')
      await tab.page.getByRole('button', { name: 'Send' }).click()
      await tab.page.getByText(/^200/).waitFor()
      await tab.page.getByText('x-correlation-id').first().waitFor()
    }))

  it('runs maintenance, and shows how it went', () =>
    stage().look('maintenance', async () => {
      const { tab, scene } = stage()
      const { page } = tab
      const last = async () =>
        (await scene.read<{ last: { id: string; reason: string | null } | null }>('/operator/api/maintenance')).last
      await tab.show('database')
      await expect
        .poll(async () => (await scene.read<{ state: string }>('/operator/api/maintenance')).state)
        .toBe('idle')
      await page.getByRole('button', { name: 'Start a run' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Start a run' }).click()
      await expect.poll(async () => (await last())?.reason).toBe('console')
      await page.getByText('All well').first().waitFor()
    }))
}

/** Presses Tab until the control of that name has the focus. */
async function reach(page: Stage['tab']['page'], name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if ((await page.evaluate('document.activeElement.textContent.trim()')) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no ${name} within 80 presses of Tab`)
}
