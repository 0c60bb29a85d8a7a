/** Everything behind the gateway is down: the console opens all the same, and says what is known and what to do. */
import { expect, it } from 'vitest'
import { openConsole, seen } from '../../support/browser.ts'
import { sceneToken } from '../../support/console-scene.ts'
import { freePort } from '../../support/free-port.ts'
import type { Gateway } from '../../support/gateways.ts'
import type { Stage } from './stage.ts'

type Start = (env?: Record<string, string>) => Promise<Gateway>

export function outage(stage: () => Stage, start: Start): void {
  it('opens while services and database are all down', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`
    const names = ['MADRE_URL', 'SWITCH_URL', 'SHUB_URL', 'HERMES_URL', 'HORMIGUERO_URL', 'SPAWNER_URL']
    const gateway = await start({
      VX11_TENTACULO_LINK_TOKEN: sceneToken,
      VX11_DATABASE_URL: nobody,
      ...Object.fromEntries(names.map((name) => [name, nobody])),
    })
    const tab = await openConsole(stage().browser, gateway.url, { token: sceneToken })
    await seen(tab, 'all-down', async () => {
      await tab.show('overview')
      const main = tab.page.locator('main')
      await main.getByRole('row').filter({ hasText: 'madre' }).getByText('Down', { exact: true }).waitFor()
      await main.getByRole('row').filter({ hasText: 'shubniggurath' }).getByText('Down', { exact: true }).waitFor()
      await main.locator('.notice').getByText('database', { exact: false }).first().waitFor()
      // Each view says why it has nothing; none of them waits for ever or falls over.
      for (const view of ['windows', 'events', 'timeline', 'truth', 'database', 'settings', 'chat', 'audit']) {
        await tab.show(view)
        await expect.poll(() => main.innerText()).not.toBe('')
        expect(await main.getByText('view_failed').count(), view).toBe(0)
      }
      await tab.show('settings')
      await main.getByText('The database does not answer').first().waitFor()
      expect(await main.getByText('Nothing was changed yet').count()).toBe(0)
      expect(tab.complaints).toEqual([])
    })
    await tab.close()
    await gateway.stop()
  })
}
