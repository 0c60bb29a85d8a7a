/** Who is the last recipient of a request, and what tells that it was here before (RFC 9110 §7.6). */
import { describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/expect-problem.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp, tokens } from '../../support/test-app.ts'

function withShub() {
  const gateway = testApp()
  gateway.network.answer('http://shub.test:8007/x', jsonAnswer({}))
  const ask = (method: string, headers: Record<string, string> = {}) =>
    gateway.request('/shub/x', { method, headers: { 'x-vx11-token': tokens.shub, ...headers } })
  const sent = () => gateway.network.exchanges.map(({ init }) => init.headers)
  return { ...gateway, ask, sent }
}

describe('Max-Forwards', () => {
  it('of an OPTIONS ends at the gateway when it is 0', async () => {
    const { ask, sent } = withShub()
    const response = await ask('OPTIONS', { 'max-forwards': '0' })
    expect([response.status, response.headers.get('allow')?.includes('GET'), sent()]).toEqual([204, true, []])
  })

  it('is counted down for OPTIONS, and left alone for others', async () => {
    const { ask, sent } = withShub()
    await ask('OPTIONS', { 'max-forwards': '3' })
    await ask('GET', { 'max-forwards': '0' })
    expect(sent().map((headers) => headers['max-forwards'])).toEqual(['2', '0'])
  })
})

describe('Via', () => {
  it('names the gateway to the upstream and to the caller', async () => {
    const { ask, sent } = withShub()
    const name = (await ask('GET', { via: '1.1 edge' })).headers.get('via')
    expect(name).toMatch(/^1\.1 tentaculo_link-[0-9a-f]{8}$/)
    expect(sent()[0]?.via).toBe(`1.1 edge, ${name}`)
  })

  it('that names the gateway already is a loop', async () => {
    const { ask, sent } = withShub()
    const name = (await ask('GET')).headers.get('via')
    await expectProblem(await ask('GET', { via: `${name}, 1.1 other` }), 'loop_detected')
    expect(sent()).toHaveLength(1)
  })
})

describe('a token of the gateway in Authorization', () => {
  it.each([
    `Bearer ${tokens.link}`,
    `bearer ${tokens.operator}`,
    `Token ${tokens.link}`,
    `Basic ${btoa(`u:${tokens.link}`)}`,
    `Many ${'a '.repeat(31)}${tokens.link}`,
    `Many ${'a, b="c" '.repeat(400)}${tokens.link}`,
  ])('does not travel when another header opened the door: %#', async (authorization) => {
    const { ask, sent } = withShub()
    expect((await ask('GET', { authorization })).status).toBe(200)
    expect(sent()[0]).not.toHaveProperty('authorization')
  })
  it('is looked for in all of it: what has more parts than are looked at stays here', async () => {
    const { ask, sent } = withShub()
    await ask('GET', { authorization: `Many${' a'.repeat(32)}` })
    expect(sent()[0]).not.toHaveProperty('authorization')
  })

  it('is none of a digest’s fields, so a digest travels', async () => {
    const { ask, sent } = withShub()
    const names = 'username realm nonce uri response algorithm opaque qop nc cnonce userhash'.split(' ')
    const authorization = `Digest ${names.map((name) => `${name}="${name}-value=="`).join(', ')}`
    await ask('GET', { authorization })
    expect(sent()[0]).toHaveProperty('authorization', authorization)
  })
})
