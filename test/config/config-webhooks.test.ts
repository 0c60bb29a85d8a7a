import { describe, expect, it } from 'vitest'
import { parseConfig, redacted } from '../../src/config/config.ts'
import { hook, secret } from '../support/webhook-gateway.ts'
import { problemsOf } from './config-problems.ts'

const entry = { name: 'ops', url: hook, secret }
const of = (...entries: unknown[]) => ({ VX11_WEBHOOKS: JSON.stringify(entries) })
const read = (...entries: unknown[]) => parseConfig(of(...entries)).webhooks
const words = (...entries: unknown[]) => problemsOf(of(...entries)).map(({ message }) => message)

describe('webhooks', () => {
  it('have usual values beside name, url and secret', () => {
    expect(read(entry)).toEqual([
      {
        ...{ name: 'ops', url: hook, preset: 'json', headers: {}, events: null, minSeverity: 'info' },
        ...{ keys: [Uint8Array.from({ length: 32 }, (_, index) => index)], groupMs: 60_000, timeoutMs: 10_000 },
      },
    ])
    expect(parseConfig({}).webhooks).toEqual([])
  })

  it('take what is given', () => {
    const slack = { name: 'chat', url: 'http://10.1.2.3:8080/x?key=1', preset: 'slack' }
    const rest = { headers: { Authorization: 'Bearer x' }, events: ['gateway.module.*'], minSeverity: 'critical' }
    const [first, second] = read(
      { ...entry, secret: [secret, secret] },
      { ...slack, ...rest, groupSeconds: 300, timeoutSeconds: 1 },
    )
    expect(first?.keys).toHaveLength(2)
    expect(second).toEqual({
      ...{ ...slack, headers: { authorization: 'Bearer x' }, events: ['gateway.module.*'], minSeverity: 'crit' },
      ...{ keys: [], groupMs: 300_000, timeoutMs: 1000 },
    })
  })

  it.each([
    ['url', { url: 'http://hooks.example.com/x' }],
    ['url', { url: 'https://user:pass@hooks.example.com/x' }],
    ['url', { url: 'https://hooks.example.com/x#y' }],
    ['url', { url: 'ftp://hooks.example.com/x' }],
    ['url', { url: 'http://[::ffff:8.8.8.8]/x' }],
    ['url', { url: 7 }],
    ['secret', { secret: 'whsec_c2hvcnQ=' }],
    ['secret', { secret: secret.slice(6) }],
    ['secret', { secret: [] }],
    ['secret', { secret: undefined }],
    ['name', { name: 'Ops Team' }],
    ['preset', { preset: 'teams' }],
    ['url must end', { preset: 'ntfy', url: 'https://ntfy.example.com/' }],
    ['headers', { headers: { 'webhook-id': '1' } }],
    ['headers', { headers: { 'X-A': 'a\r\nb' } }],
    ['events', { events: [] }],
    ['events', { events: ['gateway.*.up'] }],
    ['minSeverity', { minSeverity: 'loud' }],
    ['groupSeconds', { groupSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: 1.5 }],
    ['must be an object', { misspelt: true }],
  ])('refuse a bad %s by name, and never say what it was', (what, change) => {
    const found = words({ ...entry, ...change })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`entry 1: ${what}`)
    expect(found[0]).not.toMatch(/example|whsec_c2|pass|Ops Team/)
  })

  it('refuse two of one name, more than twenty, and what is no list', () => {
    expect(words(entry, entry)).toEqual(['must not hold one name twice'])
    expect(words(...Array.from({ length: 21 }, (_, nth) => ({ ...entry, name: `n${nth}` })))).toHaveLength(1)
    expect(problemsOf({ VX11_WEBHOOKS: '{}' })).toHaveLength(1)
  })

  it('are a secret as a whole', () => {
    expect(redacted('VX11_WEBHOOKS', JSON.stringify([entry]))).toBe('********')
  })
})
