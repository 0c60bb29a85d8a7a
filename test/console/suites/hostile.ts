/** What services, callers and models say is text, whatever it looks like: one test for each source. */
import { expect, it } from 'vitest'
import { atLength, expectHarmless, hostile, long, postEvent, type Stage } from './stage.ts'

export function hostileContent(stage: () => Stage): void {
  it('events', () =>
    stage().look('hostile-events', async () => {
      const { tab, scene } = stage()
      await tab.show('events')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      await postEvent(scene, 'hostile.thing', { message: hostile, summary: hostile, long: long.ofEvent })
      await tab.page.locator('.tail-row').filter({ hasText: 'hostile.thing' }).first().click()
      // The live buffer keeps no long payloads: the event is asked for again, and whole.
      await tab.page.locator('.event-detail').getByText('onerror', { exact: false }).first().waitFor()
      await tab.page.locator('.event-detail').getByText('\\u202e', { exact: false }).first().waitFor()
      await expectHarmless(tab)
    }))

  it('answers of a model', () =>
    stage().look('hostile-chat', async () => {
      const { tab, scene } = stage()
      await scene.post('/operator/api/window/open', { services: ['switch'], ttl_sec: 600 })
      await tab.show('chat/new')
      const { page } = tab
      await page.getByLabel('Message', { exact: true }).fill(`hello there, ${atLength}`)
      await page.keyboard.press('Enter')
      await page.locator('.answer .markdown strong').filter({ hasText: 'you said' }).waitFor()
      await page.getByText('Answered by').first().waitFor()
      expect(await page.locator('.messages img, .messages script').count()).toBe(0)
      await expectHarmless(tab)
      const { sessions } = await scene.read<{ sessions: { session_id: string }[] }>('/operator/api/chat/sessions')
      expect(page.url()).toContain(sessions[0]?.session_id)
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByText('No conversation yet').waitFor()
      expect(await scene.read('/operator/api/chat/sessions')).toMatchObject({ sessions: [] })
      await scene.post('/operator/api/window/close', {})
    }))

  it('health answers of a service', () =>
    stage().look('hostile-health', async () => {
      const { tab } = stage()
      await tab.show('truth/hermes')
      await tab.page.locator('main').getByText('onerror', { exact: false }).first().waitFor()
      await tab.page.locator('main').getByText('\\u202e', { exact: false }).first().waitFor()
      await expectHarmless(tab)
    }))

  it('bodies of upstreams', () =>
    stage().look('hostile-body', async () => {
      const { tab, scene } = stage()
      scene.shub.misbehave({ kind: 'status', status: 418, body: long.body, contentType: 'text/html' })
      await tab.show('try?path=/shub/status')
      await tab.page.getByRole('button', { name: 'Send' }).click()
      await tab.page.locator('main').getByText('onerror', { exact: false }).first().waitFor()
      await expectHarmless(tab)
    }))

  it('settings: written, shown with their author, and removed', () =>
    stage().look('hostile-settings', async () => {
      const { tab, scene } = stage()
      await tab.show('settings')
      const { page } = tab
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByLabel('Key').fill('probe')
      await page.getByLabel('Value').fill(JSON.stringify({ [hostile]: hostile, long: long.ofSetting }))
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Created').first().waitFor()
      expect(await scene.read('/operator/api/settings')).toMatchObject({ settings: { probe: { [hostile]: hostile } } })
      await expectHarmless(tab)
      await page.getByRole('button', { name: 'Delete probe' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await page.getByText('Removed').first().waitFor()
      expect(await scene.read('/operator/api/settings')).toMatchObject({ settings: {} })
    }))

  it('addresses of the console itself', () =>
    stage().look('hostile-address', async () => {
      const { tab } = stage()
      for (const view of ['timeline', 'truth', 'events', 'chat', 'audit', 'rails', 'try']) {
        await tab.show(`${view}/${encodeURIComponent(hostile)}?text=${encodeURIComponent(hostile)}`)
        await expectHarmless(tab)
      }
    }))
}
