/** Every view: accessible in both themes and languages, within its page on a desk and a phone, and Spanish without English. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { en } from '../../../console/src/texts/en.ts'
import { es } from '../../../console/src/texts/es.ts'
import { sentenceOf } from '../../../console/src/texts/gateway/spanish-sentences.ts'
import { type ConsolePage, openConsole, pageMs, seen } from '../../support/browser.ts'
import { sceneToken } from '../../support/console-scene.ts'
import { postEvent, type Stage } from './stage.ts'

const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const views = [
  ...[
    'overview',
    'windows?open=1',
    'chat',
    'events',
    'timeline?show=failed',
    'timeline?show=events',
    'timeline/evening',
    'traffic',
    'traffic?span=1h',
  ],
  ...[
    'truth',
    'truth/switch',
    'drift',
    'database',
    'settings',
    'audit',
    'rails',
    'spawner',
    'hormiguero',
    'hermes',
    'intents',
  ],
  ...['try', 'reference?find=window', 'keys'],
]

/** Only violations are asked for: the rest of a report, and the files of a page, cost more than the rules. */
const options = (runOnly: object) => JSON.stringify({ runOnly, resultTypes: ['violations'], preload: false })
const only = (...values: string[]) => options({ type: 'rule', values })
const rules = {
  all: options({
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }),
  ofTheme: only('color-contrast', 'link-in-text-block'),
  ofWidth: only('target-size', 'scrollable-region-focusable', 'meta-viewport', 'aria-hidden-focus'),
}

const [desk, phone] = [
  { width: 1280, height: 800 },
  { width: 390, height: 800 },
]

export function looks(stage: () => Stage): void {
  it('is accessible on every view, in both themes and languages, on a desk and on a phone, and Spanish throughout', async () => {
    const { browser, scene } = stage()
    await scene.ask('/shub/ready', { headers: { 'x-correlation-id': 'evening' } })
    await postEvent(scene, 'system.alert', { alert_id: 'a', severity: 'L3', message: 'm', correlation_id: 'evening' })
    const tab = await openConsole(browser, scene.gateway.url, { token: sceneToken })
    const { page } = tab
    // Evaluated by the debugger, which the page's policy does not concern.
    await page.evaluate(await readFile(axe, 'utf8'))
    const found: string[] = []
    const walk = async (language: string, look: (view: string) => Promise<string[]>) => {
      for (const view of views)
        await seen(tab, `${language}-${view}`, async () => {
          await tab.show(view)
          await page.locator('main > *').first().waitFor()
          found.push(...(await look(view)).map((fault) => `${language} ${view}: ${fault}`))
        })
    }
    await walk('en', async (view) => [
      // What stands around a view is the same for all of them.
      ...(await violations(page, rules.all, view === views[0] ? 'document' : main)),
      ...(await overflow(page)),
      ...(await onPhone(page, () => violations(page, rules.ofWidth, main))),
    ])
    await frameOnPhone(tab, found)
    await page.getByRole('button', { name: 'ES: español' }).click()
    await page.getByRole('button', { name: 'Tema oscuro' }).click()
    await page.getByRole('heading', { name: es.views.keys }).first().waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('es')
    await walk('es', async (view) => {
      await noEnglish(tab, view)
      return [
        ...(await violations(page, rules.ofTheme, view === views[0] ? 'document' : main)),
        ...(await overflow(page)),
        ...(await onPhone(page, async () =>
          (await page.evaluate<string[]>(texts)).filter((text) => onlyEnglish.has(text)),
        )),
      ]
    })
    await tab.close()
    expect(found).toEqual([])
    expect(tab.complaints).toEqual([])
    expect(await eventsWithoutSpanish(scene)).toEqual([])
  })

  it('keeps the page as wide as the window while a plot is wider than its panel', async () => {
    const { tab } = stage()
    await tab.show('traffic')
    await tab.page.locator('.uplot').first().waitFor()
    await tab.page.evaluate(`for (const plot of document.querySelectorAll('.uplot')) plot.style.width = '3000px'`)
    expect(await overflow(tab.page)).toEqual([])
  })

  it('has a public status page that is accessible in both themes and languages, and fits a phone', async () => {
    const { browser, scene } = stage()
    const context = await browser.newContext({ viewport: desk })
    context.setDefaultTimeout(pageMs)
    const page = await context.newPage()
    const found: string[] = []
    for (const [language, colorScheme, asked] of [
      ['en', 'light', rules.all],
      ['es', 'dark', rules.ofTheme],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.goto(`${scene.gateway.url}/status?lang=${language}`)
      await page.evaluate(await readFile(axe, 'utf8'))
      found.push(...(await violations(page, asked, 'document')), ...(await overflow(page)))
      found.push(...(await onPhone(page, () => violations(page, rules.ofWidth, 'document'))))
    }
    await context.close()
    expect(found).toEqual([])
  })

  it('fits into 150 KiB before the first view, script and style together', async () => {
    const { browser, scene } = stage()
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
}

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** The part of the page that belongs to the view, for axe. Rows that far down are like those above them. */
const main = JSON.stringify({ include: ['main'], exclude: ['tbody tr:nth-child(n + 13)'] })

async function violations(page: Page, asked: string, part: string): Promise<string[]> {
  const found = await page.evaluate<Violation[]>(`axe.run(${part}, ${asked}).then(({ violations }) => violations)`)
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary?.slice(0, 200)}`,
  )
}

/** The same view on a phone, where it fits as well. */
async function onPhone(page: Page, look: () => Promise<string[]>): Promise<string[]> {
  await page.setViewportSize(phone)
  const found = [...(await look()), ...(await overflow(page))]
  await page.setViewportSize(desk)
  return found
}

/** Navigation and top bar, with the menu open. */
async function frameOnPhone({ page }: ConsolePage, found: string[]): Promise<void> {
  await page.setViewportSize(phone)
  await page.getByRole('button', { name: en.shell.menu }).click()
  for (const asked of [rules.all, rules.ofWidth]) found.push(...(await violations(page, asked, 'document')))
  await page.keyboard.press('Escape')
  await page.setViewportSize(desk)
}

/** What the gateway says of itself is worded by the console, once its words are there; the reference is English. */
async function noEnglish({ page }: ConsolePage, view: string): Promise<void> {
  if (!view.startsWith('reference')) await page.locator('main [lang="en"]').first().waitFor({ state: 'detached' })
}

/** Of all that the tests before made the gateway tell. */
async function eventsWithoutSpanish({ read }: Stage['scene']): Promise<string[]> {
  type Page = { events: { type: string; summary: string | null }[]; next: number | null; has_more: boolean }
  const found: string[] = []
  for (let before: number | null | undefined; before !== null; ) {
    const query = before === undefined ? '' : `&before=${before}`
    const page: Page = await read(`/operator/api/events?limit=200&hours_back=24${query}`)
    const own = page.events.filter(({ type }) => type.startsWith('gateway.'))
    found.push(...own.flatMap(({ summary }) => (summary && sentenceOf(summary) === null ? [summary] : [])))
    before = page.has_more ? page.next : null
  }
  return [...new Set(found)]
}

async function overflow(page: Page): Promise<string[]> {
  const px = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  return px > 0 ? [`${px} px wider than the page`] : []
}

/** The page's text nodes and labels, without those that say that they are in another language. */
const texts = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  const isOurs = (element) => element.closest('[lang]') === document.documentElement
  while (walker.nextNode()) if (isOurs(walker.currentNode.parentElement)) found.push(walker.currentNode.data.trim())
  for (const each of [...document.querySelectorAll('[aria-label], [title], [placeholder]')].filter(isOurs))
    found.push(each.getAttribute('aria-label') ?? '', each.getAttribute('title') ?? '', each.getAttribute('placeholder') ?? '')
  return [...new Set(found)].filter(Boolean)
})()`

const wordsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(wordsOf)
      : []
const spanish = new Set(wordsOf(es))
/** Words of one small letter case may be names or codes that services use. */
const onlyEnglish = new Set(wordsOf(en).filter((text) => !spanish.has(text) && /^[A-Z].*[a-z]|\s/.test(text)))
