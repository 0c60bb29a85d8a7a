import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, normalAddress } from '../../src/lib/ip-address.ts'

describe('normalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['[192.0.2.1]:8080', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::FFFF:c000:201]:443', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0:0:0:0:1'],
    ['[2001:0DB8::0001%eth0]:1', '2001:db8:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['1::', '1:0:0:0:0:0:0:0'],
  ])('reads %s', (text, normal) => expect(normalAddress(text)).toBe(normal))

  it.each([
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '256.1.1.1',
    '1.2.3',
    '1.2.3.4.',
    '01.2.3.4444',
    'unknown',
    '_hidden',
    '[::1',
    '1.2.3.4::',
    'g::1',
    '1.2.3.4:123456',
    'x'.repeat(500),
  ])('refuses %s', (text) => expect(normalAddress(text)).toBeNull())

  it('agrees with the URL parser on every IPv6 address', () => {
    const compact = (text: string) => URL.canParse(`http://[${text}]/`) && new URL(`http://[${text}]/`).hostname
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const normal = normalAddress(text)
        if (normal === null) return false
        return normal.includes(':') ? compact(normal) === compact(text) : compact(`::ffff:${normal}`) === compact(text)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:[]%') }), (text) => {
        const normal = normalAddress(text)
        return normal === null || normalAddress(normal) === normal
      }),
    )
  })
})

describe('addressKey', () => {
  it('counts all of a /64 as one caller, and its neighbour as another', () => {
    const keys = ['2001:db8:1:2::1', '[2001:db8:1:2:ffff::9]:443', '2001:DB8:1:2:3:4:5:6%en0'].map(addressKey)
    expect(new Set(keys)).toEqual(new Set(['2001:db8:1:2::/64']))
    expect(addressKey('2001:db8:1:3::1')).not.toBe(keys[0])
  })

  it('keeps an IPv4 address whole, in whatever form it comes', () => {
    expect(new Set(['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1:1', '[::ffff:c000:201]'].map(addressKey))).toEqual(
      new Set(['192.0.2.1']),
    )
    expect(addressKey('192.0.2.2')).not.toBe(addressKey('192.0.2.1'))
  })

  it('leaves what is no address as it is', () => expect(addressKey('unknown')).toBe('unknown'))
})
