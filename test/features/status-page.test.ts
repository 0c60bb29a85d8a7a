/** The public status page: what strangers see, in their language, and what they never do; on both databases. */
import { describe, expect, it } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { minuteMs, truthApps } from '../support/truth-app.ts'

const { vx11 } = truthApps()
const shub = 'http://shub.test:8007/health'
const dayMs = 1440 * minuteMs
const open = () => vx11({}, { VX11_STATUS_PAGE: 'true' })

describe('the status page', () => {
  it('is not there unless it is asked for', async () => {
    const gateway = vx11()
    for (const path of ['/status', '/status/status.css', '/status/badge.svg'])
      await expectProblem(await gateway.request(path), 'not_found')
    expect(gateway.network.exchanges).toEqual([])
  })

  it('tells states without a token, and nothing of how the services run', async () => {
    const gateway = open()
    gateway.network.answer(shub, jsonAnswer({ status: 'ok', version: 'secret-version' }))
    const response = await gateway.request('/status')
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch('text/html')
    expect(response.headers.get('cache-control')).toBe('public, max-age=30')
    expect(response.headers.get('content-security-policy')).toMatch("default-src 'none'")
    expect(page).toMatch(/shubniggurath[\s\S]*?Up/)
    expect(page).toMatch(/switch[\s\S]*?Asleep/)
    // Not configured: this VX11 has none.
    expect(page).not.toContain('hermes')
    for (const internal of [
      '8001',
      '8007',
      '.test',
      'http:',
      'secret-version',
      'no_window',
      '/health',
      '<script',
      'v7',
    ])
      expect(page, internal).not.toContain(internal)
  })

  it('speaks the language of the reader, or the one that is asked for', async () => {
    const gateway = open()
    const heading = async (language: string, query = '') => {
      const response = await gateway.request(`/status${query}`, { headers: { 'accept-language': language } })
      expect(response.headers.get('vary')).toMatch('Accept-Language')
      expect((await response.text()).match(/<html lang="(..)">/)?.[1]).toBe(response.headers.get('content-language'))
      return response.headers.get('content-language')
    }
    expect(await heading('es-MX,en;q=0.5')).toBe('es')
    expect(await heading('de, en;q=0.2, es;q=0.7')).toBe('es')
    expect(await heading('es;q=0, fr')).toBe('en')
    expect(await heading('es, en', '?lang=en')).toBe('en')
    await expectProblem(await gateway.request('/status?lang=xx'), 'validation_error')
  })

  it('measures availability by the day, and says where nothing was measured', async () => {
    const gateway = open()
    gateway.network.answer(shub, jsonAnswer({ status: 'ok' }))
    for (let i = 0; i < 3; i++) await gateway.pass()
    gateway.network.answer(shub, jsonAnswer({}, 500))
    await gateway.pass()
    // Two days on which nobody looked, then a good one.
    await gateway.clock.advance(3 * dayMs)
    gateway.network.answer(shub, jsonAnswer({ status: 'ok' }))
    await gateway.pass()
    const page = await (await gateway.request('/status')).text()
    const row = page.slice(page.indexOf('<h3>shubniggurath'), page.indexOf('<h3>spawner'))
    const days = [...row.matchAll(/<rect class="(\w+)"[^>]*><title>([^<]*)/g)].map(([, look, text]) => [look, text])
    expect(days).toHaveLength(90)
    expect(days.slice(-4)).toEqual([
      ['bad', '15 Jan 2027: 75 % available'],
      ['none', '16 Jan 2027: no data'],
      ['none', '17 Jan 2027: no data'],
      ['ok', '18 Jan 2027: available'],
    ])
    expect(days.slice(0, -4).every(([look]) => look === 'none')).toBe(true)
    expect(row).toContain('80 %, measured on 2 of 90 days')
    expect(row).toContain('<li>15 Jan 2027: 75 % available</li>')
  })

  it('looks at no service more often than every half minute, however many ask', async () => {
    const gateway = open()
    await Promise.all(Array.from({ length: 20 }, () => gateway.request('/status')))
    const asked = gateway.network.exchanges.length
    await gateway.clock.advance(29_000)
    await gateway.request('/status')
    await gateway.request('/status/badge.svg')
    expect(gateway.network.exchanges).toHaveLength(asked)
  })

  it('still tells states while the database is away, and invents no history', async () => {
    const gateway = vx11(
      {
        database: {
          open: () => {
            throw new Error('away')
          },
          ping: async () => {},
          close: async () => {},
        },
      },
      { VX11_STATUS_PAGE: 'true' },
    )
    const page = await (await gateway.request('/status')).text()
    expect(page).toMatch(/shubniggurath[\s\S]*?Down/)
    expect(page).toContain('no data, measured on 0 of 90 days')
  })
})

describe('the badge', () => {
  it('says how many are down, or how one service is', async () => {
    const gateway = open()
    const badge = async (query: string) => {
      const response = await gateway.request(`/status/badge.svg${query}`)
      expect(response.headers.get('content-type')).toMatch('image/svg+xml')
      return (await response.text()).match(/<title>(.*?)<\/title>/)?.[1]
    }
    // Shub does not answer.
    expect(await badge('')).toBe('VX11: 1 down')
    expect(await badge('?lang=es')).toBe('VX11: 1 caído')
    expect(await badge('?service=shubniggurath')).toBe('shubniggurath: down')
    expect(await badge('?service=madre')).toBe('madre: up')
    gateway.network.answer(shub, jsonAnswer({ status: 'ok' }))
    await gateway.clock.advance(200_000)
    expect(await badge('')).toBe('VX11: operational')
    for (const unknown of ['hermes', '<script>', '']) {
      const response = await gateway.request(`/status/badge.svg?service=${encodeURIComponent(unknown)}`)
      await expectProblem(response, 'not_found')
    }
  })
})
