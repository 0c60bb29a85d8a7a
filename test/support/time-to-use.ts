/** How soon a console can be used that is opened anew, by its page's clock, and what that costs the page's main thread. */
import type { Browser } from 'playwright-core'
import { pageMs } from './browser.ts'

interface TimeToUse {
  /** From the start of the navigation until the frame is drawn, and can be pressed. */
  drawnMs: number
  /** Until the overview shows what the gateway says of its services. */
  filledMs: number
  /** Processor time until then. */
  processorMs: number
}

const watch = (token: string) => `
  sessionStorage.setItem('vx11.token', ${JSON.stringify(token)})
  window.usable = {}
  new MutationObserver(() => {
    usable.drawn ??= document.querySelector('nav a') ? performance.now() : undefined
    usable.filled ??= /shubniggurath/.test(document.querySelector('main tbody')?.textContent) ? performance.now() : undefined
  }).observe(document, { childList: true, subtree: true })`

/** Nothing is cached before. */
export async function timeToUse(browser: Browser, url: string, token: string): Promise<TimeToUse> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(pageMs)
  const page = await context.newPage()
  const debug = await context.newCDPSession(page)
  await debug.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.addInitScript(watch(token))
  await page.goto(`${url}/operator/ui/`, { waitUntil: 'commit' })
  await page.locator('main tbody').filter({ hasText: 'shubniggurath' }).waitFor()
  const { drawn, filled } = await page.evaluate<{ drawn: number; filled: number }>('usable')
  const { metrics } = await debug.send('Performance.getMetrics')
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  await context.close()
  return { drawnMs: drawn, filledMs: filled, processorMs: seconds * 1000 }
}
