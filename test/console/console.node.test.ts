/** The console in Chromium, against both runtimes: what it shows is what the gateway knows, what it does is done. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { type ConsolePage, hasChromium, launchBrowser, openConsole } from '../support/browser.ts'
import { type Scene, sceneToken, startScene } from '../support/console-scene.ts'
import { runtimes } from '../support/gateways.ts'
import { hostileContent } from './suites/hostile.ts'
import { liveness } from './suites/live.ts'
import { looks } from './suites/looks.ts'
import { operating } from './suites/operating.ts'
import { outage } from './suites/outage.ts'
import { hostile, type Stage, stageOf } from './suites/stage.ts'

/** Only a stuck test meets it. */
const timeout = 300_000

describe.skipIf(!hasChromium)('the console', { timeout }, () => {
  let browser: Browser
  const scenes = new Map<string, Promise<Scene>>()
  beforeAll(async () => {
    for (const [runtime, start] of runtimes) {
      const scene = startScene(start, { modelReply: (last) => `**you said** ${last} ${hostile}`, hermesSays: hostile })
      scene.catch(() => undefined)
      scenes.set(runtime, scene)
    }
    browser = await launchBrowser()
  }, timeout)
  afterAll(async () => {
    await browser?.close()
    await Promise.allSettled([...scenes.values()].map(async (scene) => (await scene).stop()))
  }, timeout)

  describe.each(runtimes)('on %s', (runtime, start) => {
    let stage: Stage
    let tab: ConsolePage
    beforeAll(async () => {
      const scene = await (scenes.get(runtime) as Promise<Scene>)
      tab = await openConsole(browser, scene.gateway.url, { token: sceneToken })
      tab.page.setDefaultTimeout(60_000)
      stage = stageOf(runtime, browser, scene, tab)
    }, timeout)
    afterEach(async () => {
      stage.scene.shub.misbehave(null)
      await tab.context.setOffline(false)
    })
    afterAll(() => tab?.close(), timeout)
    const current = () => stage

    describe('operated', () => operating(current))
    describe('shows as text', () => hostileContent(current))
    describe('live', () => liveness(current))
    describe('in an outage', () => outage(current, start))
    // The same files on both runtimes.
    if (runtime === 'Node') describe('to look at', () => looks(current))
  })
})
