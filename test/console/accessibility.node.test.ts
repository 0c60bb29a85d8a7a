/** Every view, in both languages and themes, on a desk and on a phone: axe finds nothing, nothing is wider than the page. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsolePage, hasChromium, launchBrowser, openConsole, seen } from '../support/browser.ts'
import { type Scene, sceneToken, startScene } from '../support/console-scene.ts'
import { startNodeGateway } from '../support/gateways.ts'

const timeout = 120_000
const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const views = [
  ...[
    'overview',
    'windows?open=1',
    'chat',
    'events',
    'timeline',
    'timeline/evening',
    'traffic',
    'traffic?span=1h',
    'truth',
  ],
  ...['truth/switch', 'database', 'settings', 'audit', 'rails', 'spawner', 'hormiguero', 'hermes', 'intents', 'try'],
  ...['reference?find=window', 'keys'],
]
const looks = [
  { language: 'en', theme: 'light', width: 1280 },
  { language: 'es', theme: 'dark', width: 1280 },
  { language: 'es', theme: 'light', width: 390 },
] as const

const widerThanPage = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

describe.skipIf(!hasChromium)('every view', { timeout }, () => {
  let browser: Browser
  let scene: Scene
  let source = ''
  beforeAll(async () => {
    ;[browser, scene, source] = await Promise.all([
      launchBrowser(),
      startScene(startNodeGateway, () => 'ok'),
      readFile(axe, 'utf8'),
    ])
    await scene.ask('/shub/ready', { headers: { 'x-correlation-id': 'evening' } })
    await scene.post('/events/ingest', {
      source: 'probe',
      type: 'system.alert',
      payload: { alert_id: 'a', severity: 'L3', message: 'm', correlation_id: 'evening' },
    })
  }, timeout)
  afterAll(async () => {
    await browser?.close()
    await scene?.stop()
  }, timeout)

  it.each(looks)('is accessible in $language, $theme, $width wide', async (look) => {
    const tab = await openConsole(browser, scene.gateway.url, { ...look, token: sceneToken })
    const found: string[] = []
    for (const view of views)
      found.push(...(await seen(tab, `axe-${view}-${look.theme}`, () => faultsOf(tab, view, source))))
    await tab.close()
    expect(found).toEqual([])
    expect(tab.complaints).toEqual([])
  })

  it('fits into 150 KiB before the first view, script and style together', async () => {
    const tab = await openConsole(browser, scene.gateway.url)
    await tab.page.getByLabel('Token', { exact: true }).waitFor()
    const bytes = await tab.page.evaluate<number>(
      `performance.getEntriesByType('resource').filter(({ name }) => /\\.(js|css)$/.test(name))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    )
    await tab.close()
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThan(150 * 1024)
  })
})

/** The script is evaluated by the debugger, which the page's policy does not concern. */
async function faultsOf({ page, show }: ConsolePage, view: string, source: string): Promise<string[]> {
  await show(view)
  await page.locator('main > *').first().waitFor()
  await page.evaluate(source)
  const violations = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations)`,
  )) as Violation[]
  const overflow = await page.evaluate<number>(widerThanPage)
  return [
    ...violations.map(
      ({ id, nodes }) => `${view}: ${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary?.slice(0, 200)}`,
    ),
    ...(overflow > 0 ? [`${view}: ${overflow} px wider than the page`] : []),
  ]
}
