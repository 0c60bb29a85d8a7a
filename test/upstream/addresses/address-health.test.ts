/** The health of each address, and what is known of addresses: kept over a reload, shown in metrics. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config/config.ts'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { down, ok, one, other, twoAddresses } from './two-addresses.ts'

describe('health of addresses', () => {
  it('is asked of each; the upstream is up while one is; a down one is spared until it is up again', async () => {
    const { healthChecks, shub, answer, at, clock, asked, state, lines } = twoAddresses()
    const sick = jsonAnswer({ status: 'initializing' })
    const well = jsonAnswer({ status: 'ok', version: '7.1' })
    const check = async (times: number) => {
      for (let i = 0; i < times; i++) await clock.advance(await healthChecks.check('shub'))
    }
    answer('/a', ok, ok)
    answer('/health', sick, well)
    await check(1)
    expect(healthChecks.last('shub')).toMatchObject({ up: true, version: '7.1', reason: null })
    expect(at(0)?.health).toMatchObject({ up: false, reason: 'not_ready' })
    const before = asked().length
    for (let i = 0; i < 4; i++) await shub('/a')
    expect(asked().slice(before)).toEqual(Array(4).fill('other'))
    expect(state()).toMatchObject({ circuit: 'closed', lastResorts: 0 })
    answer('/health', well, well)
    await check(2)
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(asked().slice(-2)).toContain('one')
    expect(lines).toEqual([`address_down ${one}`, `address_up ${other}`, 'upstream_up shub', `address_up ${one}`])
  })

  it('is forgotten where nobody asks any more', async () => {
    const { healthChecks, shub, answer, clock, asked } = twoAddresses()
    answer('/a', ok, ok)
    answer('/health', down, jsonAnswer({ status: 'ok' }))
    await healthChecks.check('shub')
    await clock.advance(31_000)
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(asked().slice(-2)).toContain('one')
  })

  it('lets a probe through as soon as a check passes', async () => {
    const { healthChecks, shub, answer, clock, at } = twoAddresses()
    answer('/a', new TransportError('unreachable'), ok)
    await shub('/a')
    answer('/a', ok, ok)
    answer('/health', jsonAnswer({ status: 'ok' }), jsonAnswer({ status: 'ok' }))
    await clock.advance(1)
    await healthChecks.check('shub')
    for (let i = 0; i < 2; i++) await shub('/a')
    expect(at(0)?.circuit).toBe('closed')
  })
})

describe('a reload', () => {
  it('keeps what is known of addresses that stay, and forgets the others', async () => {
    const { config, followTargets, shub, answer, at, state, asked, metrics } = twoAddresses()
    answer('/a', down, ok)
    await shub('/a')
    const next = (url: string) => {
      const { upstreams } = parseConfig({ SHUB_URL: url, VX11_GATEWAY_TOKEN: 'token-for-tests' })
      Object.assign(config, { upstreams })
      followTargets()
    }
    next(`http://third:8007, ${one} weight=5`)
    expect(at(0)).toMatchObject({ url: 'http://third:8007', circuit: 'closed' })
    expect(at(1)).toMatchObject({ url: one, circuit: 'open', weight: 5 })
    expect((await metrics.render()).body).not.toContain(other)
    next(other)
    expect(state().addresses).toBeUndefined()
    const before = asked().length
    expect((await shub('/a')).status).toBe(200)
    expect(asked().slice(before)).toEqual(['other'])
    next(`${one}, ${other}`)
    expect(at(0)?.circuit).toBe('closed')
  })
})

describe('metrics and states', () => {
  it('name each address, and have nothing of an upstream with one', async () => {
    const { shub, answer, metrics, healthChecks } = twoAddresses({ MADRE_URL: 'http://madre:8001' })
    answer('/a', down, ok)
    answer('/health', down, jsonAnswer({ status: 'ok' }))
    await shub('/a')
    await healthChecks.check('shub')
    const { body } = await metrics.render()
    for (const line of [
      `vx11_upstream_address_up{upstream="shub",address="${one}"} 0`,
      `vx11_upstream_address_up{upstream="shub",address="${other}"} 1`,
      `vx11_upstream_address_circuit_state{upstream="shub",address="${one}"} 1`,
      `vx11_upstream_address_in_flight{upstream="shub",address="${other}"} 0`,
      `vx11_upstream_address_tries_total{upstream="shub",address="${one}",outcome="failure"} 1`,
      `vx11_upstream_address_tries_total{upstream="shub",address="${other}",outcome="success"} 1`,
      `vx11_upstream_address_ejections_total{upstream="shub",address="${one}"} 1`,
      'vx11_upstream_last_resorts_total{upstream="shub"} 0',
      'vx11_circuit_state{upstream="shub"} 0',
    ])
      expect(body).toContain(`${line}\n`)
    expect(body).not.toMatch(/address[^\n]*madre/)
    expect(body).not.toContain('vx11_upstream_hedges_total{')
  })
})
