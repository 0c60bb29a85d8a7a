import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSafeCorrelationId } from '../../../src/lib/ids.ts'
import { anyText } from '../../support/any-text.ts'
import { testApp } from '../../support/test-app.ts'

const header = 'x-correlation-id'

describe('correlation id', () => {
  it('takes over a safe one of up to 128 characters', async () => {
    const { request } = testApp()
    for (const id of ['c-1', 'a'.repeat(128), '550e8400-e29b-41d4-a716-446655440000']) {
      expect((await request('/health', { headers: { [header]: id } })).headers.get(header)).toBe(id)
    }
  })

  it.each(['', ' ', 'a'.repeat(129), 'a b', 'a,b', '<script>', 'ñ', '"x"', 'a\tb'])(
    'makes a new one for %j',
    async (id) => {
      const { request } = testApp()
      const answered = (await request('/health', { headers: { [header]: id } })).headers.get(header)
      expect(answered).not.toBe(id)
      expect(answered).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it('makes a new one when the header comes twice', async () => {
    const { request } = testApp()
    const headers = new Headers([
      [header, 'one'],
      [header, 'two'],
    ])
    expect((await request('/health', { headers })).headers.get(header)).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('never accepts what could break a header, a log line or JSON', () => {
    fc.assert(
      fc.property(anyText(), (id) => {
        if (isSafeCorrelationId(id)) expect(id).toMatch(/^[\x21-\x7e]{1,128}$/)
        if (/[\r\n"\\<>,;]/.test(id)) expect(isSafeCorrelationId(id)).toBe(false)
      }),
    )
  })

  it('differs from request to request', async () => {
    const { request } = testApp()
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await request('/health')).headers.get(header)),
    )
    expect(new Set(ids).size).toBe(20)
  })
})
