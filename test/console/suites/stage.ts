/** What the console's tests have in common: one browser, and a gateway with services on each runtime. */
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { type ConsolePage, seen } from '../../support/browser.ts'
import type { Scene } from '../../support/console-scene.ts'
import type { startReceiver } from '../../support/webhook-receiver.ts'

export interface Stage {
  browser: Browser
  scene: Scene
  /** Whom the gateway notifies. */
  receiver: Awaited<ReturnType<typeof startReceiver>>
  /** English, light, signed in, and used by one test after the other. */
  tab: ConsolePage
  /** Keeps a picture of what was to be seen when the steps fail. */
  look(name: string, steps: () => Promise<void>): Promise<void>
}

/** Markup, a script, a bidi override, a NUL, an emoji. */
export const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> \u202Etxt.exe\u0000 🐙'

/** What is told apart by this word is answered as long as the gateway takes it. */
export const atLength = 'at length'

const mib = 2 ** 20

/** A MiB where the gateway takes one, and else as much as it takes: docs/events.md, docs/operator-data.md. */
export const long = {
  body: hostile.repeat(Math.ceil(mib / hostile.length)),
  /** Of the 64 KiB of an event, `hostile` and the names take the rest. */
  ofEvent: 'x'.repeat(64_000),
  /** Switch says its answer twice within a MiB. */
  ofAnswer: 'x'.repeat(mib / 2 - 2000),
  /** Of 16 KiB. */
  ofSetting: 'x'.repeat(15_800),
}

export const stageOf = (runtime: string, parts: Omit<Stage, 'look'>): Stage => ({
  ...parts,
  look: (name, steps) => seen(parts.tab, `${runtime}-${name}`, steps),
})

/** Nothing of it ran, nothing became an element, nothing is wider than the page. */
export async function expectHarmless({ page, complaints }: ConsolePage): Promise<void> {
  expect(await page.evaluate(`'hacked' in window`)).toBe(false)
  expect(await page.locator('main img, main script, main iframe').count()).toBe(0)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  expect(complaints).toEqual([])
}

export const postEvent = async ({ post }: Scene, type: string, payload: object): Promise<void> => {
  expect((await post('/events/ingest', { source: 'probe', type, payload })).status).toBe(200)
}
