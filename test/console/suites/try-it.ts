/** The reference with "try it": it loads from this gateway alone, sends a request, and fits a phone. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { pageMs } from '../../support/browser.ts'
import type { Stage } from './stage.ts'

/** To draw every operation takes many seconds. */
export function tryIt(stage: () => Stage, whole: boolean): void {
  it('sends a request and shows the answer, and talks to nobody else', async () => {
    const { browser, scene } = stage()
    const { gateway } = scene
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.setDefaultTimeout(pageMs)
    const complaints: string[] = []
    const asked = new Set<string>()
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text())
    })
    page.on('request', (request) => asked.add(new URL(request.url()).origin))
    if (!whole) await keepOfReference(page, '/livez')
    await page.goto(`${gateway.url}/docs`)
    const href = await page.getByRole('link', { name: 'try it' }).first().getAttribute('href')
    await page.goto(new URL(`${href}#tag/health/GET/livez`, page.url()).href)
    await page.locator('button', { hasText: /Test Request.*livez/ }).click()
    const [answered] = await Promise.all([
      page.waitForResponse((response) => response.url() === `${gateway.url}/livez`),
      page.locator('[data-addressbar-action="send"]').first().click(),
    ])
    expect(answered.status()).toBe(200)
    await page.getByText('200 OK').first().waitFor()
    expect(complaints).toEqual([])
    expect([...asked].filter((origin) => !/^(?:data|blob)/.test(origin) && origin !== 'null')).toEqual([gateway.url])
    await page.close()
  })

  it('has a page beside it that fits a phone and leads to every operation', async () => {
    const { browser, scene } = stage()
    const { gateway } = scene
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    page.setDefaultTimeout(pageMs)
    await page.goto(`${gateway.url}/docs`)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.evaluate('for (const group of document.querySelectorAll("details")) group.open = true')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    const targets = await page.locator('nav a').evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''))
    expect(targets.length).toBeGreaterThan(100)
    const counted = `(${JSON.stringify(targets)}).map((to) => document.querySelectorAll('[id="' + to.slice(1) + '"]').length)`
    const counts = await page.evaluate<number[]>(counted)
    expect(targets.filter((_, index) => counts[index] !== 1)).toEqual([])
    await page.close()
    expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(200)
  })
}

/** The gateway's own document, less all paths but one. */
const keepOfReference = (page: Page, path: string): Promise<unknown> =>
  page.route('**/openapi.json', async (route) => {
    const response = await route.fetch()
    const { paths, ...document } = (await response.json()) as { paths: Record<string, unknown> }
    expect(Object.keys(paths).length).toBeGreaterThan(100)
    await route.fulfill({ response, json: { ...document, paths: { [path]: paths[path] } } })
  })
