import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMoment } from '../../src/lib/moment.ts'

const anyMs = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(9999, 11, 31) })
const without = (zone: string) => (ms: number) => new Date(ms).toISOString().replace('Z', zone)

/** The forms in which VX11's services write moments, of both generations. */
const forms: [string, (ms: number) => string][] = [
  ['ISO 8601 with Z', without('Z')],
  ['with microseconds', without('000Z')],
  ['with nanoseconds', without('000000Z')],
  ['with an offset', without('+00:00')],
  ['with an offset and a Z', without('000+00:00Z')],
  ['with an offset without colon', without('+0000')],
  ['naive', without('000')],
  ['with a space', (ms) => without('000')(ms).replace('T', ' ')],
]

describe('parseMoment', () => {
  it.each(forms)('reads a moment %s', (_name, write) => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(parseMoment(write(ms))).toBe(ms)
      }),
    )
  })

  it('reads any number of decimals, and counts an offset', () => {
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 })
    fc.assert(
      fc.property(anyMs, offset, fc.integer({ min: 0, max: 9 }), fc.boolean(), (ms, minutes, decimals, both) => {
        const [whole = '', fraction = ''] = new Date(ms).toISOString().slice(0, -1).split('.')
        const sign = minutes < 0 ? '-' : '+'
        const parts = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
        const zone = `${sign}${parts.map((part) => String(part).padStart(2, '0')).join(':')}${both ? 'Z' : ''}`
        const digits = decimals === 0 ? '' : `.${fraction.padEnd(9, '0').slice(0, decimals)}`
        const kept = Math.floor(ms / 10 ** Math.max(0, 3 - decimals)) * 10 ** Math.max(0, 3 - decimals)
        expect(parseMoment(whole + digits + zone)).toBe(kept - minutes * 60_000)
      }),
    )
  })

  it.each([
    '',
    'null',
    '2026',
    'soon',
    '2026-13-01T00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00ZZ',
    '2026-01-01T25:00:00Z',
  ])('takes %j for no moment', (text) => {
    expect(parseMoment(text)).toBeNull()
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseMoment(text)
        expect(ms === null || Number.isFinite(ms)).toBe(true)
      }),
    )
  })
})
