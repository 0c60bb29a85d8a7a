/** Two real upstream processes, of which one is killed and comes back under load: no read fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, runtimes } from '../support/gateways.ts'
import { type NamedUpstream, namedUpstream } from '../support/named-upstream.ts'

const readers = 6

describe.each(runtimes)('an upstream with two addresses, on %s', (_runtime, startGateway) => {
  let gateway: Gateway
  let upstreams: [NamedUpstream, NamedUpstream]

  beforeAll(async () => {
    upstreams = [await namedUpstream('one'), await namedUpstream('other')]
    gateway = await startGateway({
      SHUB_URL: upstreams.map(({ url }) => url).join(', '),
      VX11_HEDGED_UPSTREAMS: 'shub',
      VX11_RATE_LIMIT_ENABLED: 'false',
    })
  })
  afterAll(async () => {
    await gateway?.stop()
    for (const each of upstreams ?? []) await each.kill()
  })

  /** Reads on and on, until the last of the steps has seen what it waits for. */
  async function readWhile(steps: readonly { until: (names: readonly string[]) => boolean; act: () => unknown }[]) {
    const failed: string[] = []
    let names: string[] = []
    let step = 0
    const read = async () => {
      while (step < steps.length) {
        const response = await gateway.fetch('/shub/who')
        const text = await response.text()
        if (response.status === 200) names.push(text)
        else failed.push(`${response.status} in step ${step}: ${text}`)
        const current = steps[step]
        if (!current?.until(names)) continue
        names = []
        step++
        await current.act()
      }
    }
    await Promise.all(Array.from({ length: readers }, read))
    return failed
  }
  const counts = (names: readonly string[], name: string) => names.filter((each) => each === name).length

  it('answers every read while one of them is killed and comes back, and uses both again', async () => {
    const [one, other] = upstreams
    const failed = await readWhile([
      { until: (names) => counts(names, 'one') > 60 && counts(names, 'other') > 60, act: one.kill },
      { until: (names) => counts(names, 'other') > 150, act: one.start },
      { until: (names) => counts(names, 'one') > 30, act: () => {} },
    ])
    expect(failed).toEqual([])
    const { breakers } = (await (await gateway.fetch('/vx11/circuit-breaker/status')).json()) as {
      breakers: { shub: { state: string; addresses: { url: string; ejections: number; in_flight: number }[] } }
    }
    expect(breakers.shub.state).toBe('closed')
    expect(breakers.shub.addresses.map(({ url }) => url)).toEqual([one.url, other.url])
    expect(breakers.shub.addresses[0]?.ejections).toBeGreaterThan(0)
    expect(breakers.shub.addresses.map(({ in_flight }) => in_flight)).toEqual([0, 0])
  })
})
