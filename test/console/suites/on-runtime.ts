/** The console's suites against one runtime: what it shows is what the gateway knows, what it does is done. */
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { hasChromium, launchBrowser, openConsole } from '../../support/browser.ts'
import { sceneToken, startScene } from '../../support/console-scene.ts'
import type { runtimes } from '../../support/gateways.ts'
import { startReceiver } from '../../support/webhook-receiver.ts'
import { configured } from './configured.ts'
import { endurance } from './endurance.ts'
import { freshness } from './fresh.ts'
import { hostileContent } from './hostile.ts'
import { liveness, pastEvents } from './live.ts'
import { looks } from './looks.ts'
import { operating } from './operating.ts'
import { outage } from './outage.ts'
import { atLength, hostile, long, type Stage, stageOf } from './stage.ts'
import { tryIt } from './try-it.ts'

/** Only a stuck test meets it. */
const timeout = 300_000

/** `short` is what the runtime has a part in: the files are the same on both. `whole` draws the whole reference, too. */
export function consoleOn([runtime, start]: (typeof runtimes)[number], extent: 'short' | 'usual' | 'whole'): void {
  describe.skipIf(!hasChromium)(`the console on ${runtime}`, { timeout }, () => {
    let stage: Stage
    const current = () => stage
    beforeAll(async () => {
      const receiver = await startReceiver()
      const webhooks = [{ name: 'night', url: receiver.url, preset: 'slack' }]
      const env = { VX11_STATUS_PAGE: 'true', VX11_WEBHOOKS: JSON.stringify(webhooks) }
      const modelReply = (last: string) =>
        `**you said** ${last} ${hostile} ${last.includes(atLength) ? long.ofAnswer : ''}`
      const answers = { env, modelReply, hermesSays: hostile }
      const [scene, browser] = await Promise.all([startScene(start, answers), launchBrowser()])
      const tab = await openConsole(browser, scene.gateway.url, { token: sceneToken })
      stage = stageOf(runtime, { browser, scene, tab, receiver })
    }, timeout)
    afterEach(async () => {
      stage.scene.shub.misbehave(null)
      await stage.tab.context.setOffline(false)
    })
    afterAll(async () => {
      await stage?.browser.close()
      await stage?.scene.stop()
      stage?.receiver.close()
    }, timeout)

    const isShort = extent === 'short'
    describe('operated', () => operating(current))
    if (!isShort) describe('shows as text', () => hostileContent(current))
    describe('live', () => liveness(current))
    if (!isShort) describe('older events', () => pastEvents(current))
    if (!isShort) describe('up to date', () => freshness(current))
    if (!isShort) describe('/docs/try', () => tryIt(current, extent === 'whole'))
    if (!isShort) describe('configured', () => configured(current, start))
    describe('in an outage', () => outage(current, start))
    if (isShort) return
    describe('in the long run', () => endurance(current))
    describe('to look at', () => looks(current))
  })
}
