/** Debian's Chromium on the console of a running gateway; what a page complains about fails the test that sees it. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** The same browser without a window to draw takes two thirds of the processor time. */
const executables = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']
const executablePath = executables.find(existsSync)
export const hasChromium = executablePath !== undefined
if (!hasChromium && process.env.CI) throw new Error(`${executables[0]} is missing: apt-get install it`)
if (!hasChromium) process.stderr.write(`SKIPPED: the console's tests need ${executables.join(' or ')}\n`)

const args = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // The processor draws the pages; no process of its own need imitate a graphics card for that.
  ...['--disable-software-rasterizer', '--disable-gpu-compositing'],
]

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args })

/** In milliseconds: what a page takes on the busiest machine is less. */
export const pageMs = 200_000

export interface ConsoleOptions {
  token?: string
  language?: 'en' | 'es'
  theme?: 'light' | 'dark'
  width?: number
  height?: number
}

export interface ConsolePage {
  page: Page
  context: BrowserContext
  /** Errors of scripts, and what the content security policy refused. */
  complaints: string[]
  show(place: string): Promise<void>
  close(): Promise<void>
}

export async function openConsole(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
  const { token, language = 'en', theme = 'light', width = 1280, height = 800 } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'es' ? 'es-ES' : 'en-GB',
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(pageMs)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) complaints.push(message.text())
  })
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  if (token) await page.addInitScript(`sessionStorage.setItem('vx11.token', ${JSON.stringify(token)})`)
  await page.goto(`${url}/operator/ui/`)
  const show = async (place: string) => {
    await page.goto(`${url}/operator/ui/#/${place}`)
    await page.locator('main .loading').first().waitFor({ state: 'detached' })
  }
  return { page, context, complaints, show, close: () => context.close() }
}

/** Runs the steps; where they fail, what was to be seen is kept in test-results/. */
export async function seen<T>({ page }: ConsolePage, name: string, steps: () => Promise<T>): Promise<T> {
  try {
    return await steps()
  } catch (error) {
    const folder = join('test-results', 'console')
    await mkdir(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${name.replace(/\W+/g, '-')}.png`) }).catch(() => undefined)
    throw error
  }
}
