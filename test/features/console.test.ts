/** The console's files, as the gateway serves them: strict headers, caching by name, and a page where there is no build. */
import { describe, expect, it } from 'vitest'
import type { ConsoleFiles } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp, tokens } from '../support/test-app.ts'

const built: ConsoleFiles = async (name, { gzip }) => {
  const files: Record<string, string> = { 'index.html': '<!doctype html><title>it</title>', 'assets/a-1.js': 'go()' }
  const text = files[name]
  if (text === undefined) return null
  const etag = gzip ? '"x-gzip"' : '"x"'
  return { bytes: new TextEncoder().encode(text), etag, ...(gzip && { encoding: 'gzip' as const }) }
}
const gateway = () => testApp({ deps: { consoleFiles: built } })
const location = (response: Response, path: string) =>
  new URL(response.headers.get('location') ?? '', `http://gateway.test/behind/a/prefix${path}`).pathname

describe('the console', () => {
  it('is there without a token, under a policy that lets nothing else in', async () => {
    const response = await gateway().app.request('/operator/ui/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = response.headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"])
      expect(policy).toContain(rule)
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  it('lets files whose names hold a hash be kept for ever, and answers 304 for a known one', async () => {
    const { app } = gateway()
    const response = await app.request('/operator/ui/assets/a-1.js')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(await response.text()).toBe('go()')
    const again = await app.request('/operator/ui/assets/a-1.js', { headers: { 'if-none-match': 'W/"y", "x"' } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  it('has an etag for each encoding', async () => {
    const { app } = gateway()
    const packed = await app.request('/operator/ui/', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('etag')).toBe('"x-gzip"')
    const plain = await app.request('/operator/ui/', { headers: { 'accept-encoding': 'gzip;q=0, br' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })

  it('does not fall back to the page for a file that is not there', async () => {
    await expectProblem(await gateway().app.request('/operator/ui/assets/none.js'), 'not_found')
  })

  it('is found behind any prefix', async () => {
    const { app } = gateway()
    const browser = { headers: { accept: 'text/html,*/*;q=0.8' } }
    expect(location(await app.request('/', browser), '/')).toBe('/behind/a/prefix/operator/ui/')
    expect(location(await app.request('/operator'), '/operator')).toBe('/behind/a/prefix/operator/ui/')
    expect(location(await app.request('/operator/ui'), '/operator/ui')).toBe('/behind/a/prefix/operator/ui/')
  })

  it('leaves what is no browser at the root with the answer that it had', async () => {
    await expectProblem(await gateway().app.request('/'), 'not_found')
  })

  it('says on a page that it was not built', async () => {
    const response = await testApp().app.request('/operator/ui/')
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('npm run build')
  })

  it('answers the browser that asks for an icon', async () => {
    const response = await gateway().app.request('/favicon.ico')
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
  })
})

describe('GET /operator/api/whoami', () => {
  it('tells the name and the scopes of the token, and nothing of the token itself', async () => {
    const response = await testApp().app.request('/operator/api/whoami', { headers: { 'x-vx11-token': tokens.link } })
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ name: 'link', control: true })
    expect(JSON.parse(text).scopes).toEqual(expect.arrayContaining(['operator', 'shub', 'ingest', 'admin']))
    expect(text).not.toContain(tokens.link)
  })
})
