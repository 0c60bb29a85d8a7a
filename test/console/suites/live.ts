/** What the gateway knows is on the page without a reload, and no event is lost, whatever happens to the line. */
import { expect, it } from 'vitest'
import { openConsole } from '../../support/browser.ts'
import { sceneToken } from '../../support/console-scene.ts'
import { postEvent, type Stage } from './stage.ts'

const alert = { alert_id: 'elsewhere', severity: 'L3', message: 'Seen elsewhere' }

export function liveness(stage: () => Stage): void {
  it('shows on every view what changed elsewhere', () =>
    stage().look('changes', async () => {
      const { tab, scene } = stage()
      const { page } = tab
      await tab.show('settings')
      await scene.post('/operator/api/settings', { elsewhere: 'written by another hand' })
      await page.locator('.setting-value').filter({ hasText: 'written by another hand' }).waitFor()
      await scene.ask('/operator/api/settings/elsewhere', { method: 'DELETE' })
      await page.locator('.setting-value').filter({ hasText: 'written by another hand' }).waitFor({ state: 'detached' })
      await tab.show('windows')
      await scene.post('/operator/api/window/open', { services: ['switch'], ttl_sec: 600 })
      await page.getByText('Open window', { exact: true }).waitFor()
      await tab.show('overview')
      await page.locator('.figures-row').getByText('switch', { exact: false }).first().waitFor()
      await scene.post('/operator/api/window/close', {})
      await page.locator('.figures-row').getByText('Open a window').waitFor()
      await tab.show('chat')
      await scene.post('/operator/api/chat', { message: 'asked elsewhere' })
      await page.locator('.session-list').getByText('asked elsewhere').waitFor()
      await tab.show('keys')
      const made = await scene.post('/operator/api/keys', { name: 'made-elsewhere', scopes: ['operator'] })
      expect(made.status).toBe(201)
      await page.getByText('made-elsewhere').first().waitFor()
      await tab.show('audit?what=key&target=made-elsewhere')
      await page.getByText('key.create', { exact: true }).waitFor()
      await tab.show('traffic')
      const asked = page.getByRole('row').filter({ hasText: '/operator/api/whoami' })
      await scene.ask('/operator/api/whoami')
      await asked.waitFor()
      await tab.show('timeline?show=events')
      await postEvent(scene, 'system.alert', { ...alert, correlation_id: 'seen-elsewhere' })
      await page.getByText('seen-elsewhere').first().waitFor()
      await tab.show('timeline/seen-elsewhere')
      await page.getByText('The first thing that failed was system.alert: Seen elsewhere').waitFor()
    }))

  it('misses no event of the time it was offline', () =>
    stage().look('offline', async () => {
      const { tab, scene } = stage()
      await tab.show('events?type=while.away')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      await tab.context.setOffline(true)
      await tab.page.getByText(/^Offline/).waitFor()
      for (let index = 0; index < 5; index++) await postEvent(scene, 'while.away', { message: `missed ${index}` })
      await tab.context.setOffline(false)
      await expectRows(tab, 5, 'missed')
    }))

  it('misses no event of the time it was frozen, as by a laptop that sleeps', () =>
    stage().look('frozen', async () => {
      const { tab, scene } = stage()
      await tab.show('events?type=while.asleep')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      const debug = await tab.context.newCDPSession(tab.page)
      await debug.send('Page.setWebLifecycleState', { state: 'frozen' })
      for (let index = 0; index < 5; index++) await postEvent(scene, 'while.asleep', { message: `dreamt ${index}` })
      await debug.send('Page.setWebLifecycleState', { state: 'active' })
      await expectRows(tab, 5, 'dreamt')
      await debug.detach()
    }))

  it('heals after a restart of the gateway, and meanwhile says what is known and since when', () =>
    stage().look('restart', async () => {
      const { tab, scene } = stage()
      await tab.show('events?type=around.restart')
      await tab.page.getByText('Live', { exact: true }).waitFor()
      await postEvent(scene, 'around.restart', { message: 'around 0' })
      await expectRows(tab, 1, 'around')
      await tab.show('overview')
      await scene.gateway.restart('SIGKILL', async () => {
        await tab.page.getByText(/^Offline/).waitFor()
        await tab.page.locator('.stale').first().waitFor()
        await tab.page.getByRole('row').filter({ hasText: 'shubniggurath' }).waitFor()
      })
      await postEvent(scene, 'around.restart', { message: 'around 1' })
      await tab.show('events?type=around.restart')
      await expectRows(tab, 2, 'around')
    }))
}

/** Keeps the next answers that list events of one type until a row of the tail holds the text. */
const holdUntilRow = (type: string, text: string) => `
  window.lists = 0
  window.realFetch = fetch
  window.fetch = async (address, init) => {
    const answer = await realFetch(address, init)
    if (!String(address).includes('type=${type}')) return answer
    window.lists++
    await new Promise((resolve) => {
      const look = () => document.querySelector('.tail')?.textContent.includes('${text}') && resolve()
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
      look()
    })
    return answer
  }
  // What is to be done after a drawing waits for the frame: there is none soon.
  window.requestAnimationFrame = () => 0`

export function pastEvents(stage: () => Stage): void {
  it('asks no second time for older events that are over, though one comes with the last page', () =>
    stage().look('over', async () => {
      const { browser, scene } = stage()
      for (let index = 0; index < 3; index++) await postEvent(scene, 'over.soon', { message: `older ${index}` })
      const tab = await openConsole(browser, scene.gateway.url, { token: sceneToken })
      await tab.page.getByText('Live', { exact: true }).waitFor()
      await tab.page.evaluate(holdUntilRow('over.soon', 'the newest'))
      await tab.page.goto(`${scene.gateway.url}/operator/ui/#/events?type=over.soon`)
      await expectRows(tab, 3, 'older')
      await expect.poll(() => tab.page.evaluate('window.lists')).toBe(1)
      await postEvent(scene, 'over.soon', { message: 'the newest' })
      await tab.page.locator('.tail-end').waitFor()
      await postEvent(scene, 'over.soon', { message: 'after the end' })
      await tab.page.locator('.tail-row').filter({ hasText: 'after the end' }).waitFor()
      expect(await tab.page.evaluate('window.lists')).toBe(1)
      expect(await tab.page.locator('.tail-row').count()).toBe(5)
      await tab.close()
    }))
}

async function expectRows({ page }: Stage['tab'], count: number, text: string): Promise<void> {
  for (let index = 0; index < count; index++)
    await page
      .locator('.tail-row')
      .filter({ hasText: `${text} ${index}` })
      .waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  expect(await page.locator('.tail-row').count()).toBe(count)
}
