import { describe, expect, it } from 'vitest'
import { everyMinute } from '../src/services.ts'
import { testApp } from './support/test-app.ts'

describe("the minute's jobs", () => {
  it('survive a gateway whose database and upstreams are gone', async () => {
    const { services, logLines } = testApp({ env: { MADRE_URL: 'embedded', VX11_CHAT_RETENTION_DAYS: '1' } })
    await expect(everyMinute(services)).resolves.toBeUndefined()
    const failed = logLines.filter(({ level }) => level === 'warn').map(({ event }) => event)
    expect(failed).toEqual(expect.arrayContaining(['truth_turn_unknown', 'rows_not_counted', 'sessions_not_forgotten']))
  })

  it('record the end of a window for the embedded madre alone', async () => {
    const [own, real] = [testApp({ env: { MADRE_URL: 'embedded' } }), testApp()]
    for (const { services } of [own, real]) await services.minutely.windowExpiry()
    expect(own.logLines.map(({ event }) => event)).toContain('window_expiry_not_recorded')
    expect(real.logLines).toEqual([])
  })

  it('read the power state that the routes read, once for both', async () => {
    const { services, network, authorized, clock } = testApp()
    await clock.advance(60_000)
    await services.minutely.metricsFlush()
    await authorized('/operator/api/window/status')
    expect(network.exchanges.filter(({ url }) => url.endsWith('/madre/power/state'))).toHaveLength(1)
  })
})
