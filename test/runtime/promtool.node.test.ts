/** The metrics of both real entries, as Prometheus's linter sees them. */
import { describe, expect, it } from 'vitest'
import { runtimes } from '../support/gateways.ts'
import { complaintsAbout, hasPromtool } from '../support/promtool.ts'
import { startShub } from '../support/simulators/shub.ts'

describe.skipIf(!hasPromtool).each(runtimes)('/metrics on %s', (_runtime, start) => {
  it('is clean but for a name of v7', async () => {
    const shub = await startShub()
    const gateway = await start({ SHUB_URL: shub.url })
    try {
      for (const path of ['/shub/health', '/shub/nothing', '/operator/api/status']) await gateway.fetch(path)
      const metrics = await (await gateway.fetch('/metrics')).text()
      expect(metrics).toContain('vx11_module_up{module="shub"}')
      expect(complaintsAbout(metrics)).toEqual(['rate_limit_rejections counter metrics should have "_total" suffix'])
    } finally {
      await gateway.stop()
      await shub.close()
    }
  })
})
