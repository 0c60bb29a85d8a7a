import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import { isSafeTarget, upstreamUrl, urlBelow, withoutPrefix } from '../../src/upstream/path.ts'
import { anyText } from '../support/any-text.ts'
import { stuckMs } from '../support/stuck.ts'

const plain = [
  '/',
  '/a',
  '/a/',
  '/a//b',
  '/a.b/..c/...',
  '/.well-known/x',
  '/a%20b',
  '/a;p=1',
  "/~!$&'()*+,;=:@-_",
  '/%C3%A9',
  '/a%2eb',
  '/%252e%252e/',
]
const queries = ['?', '?a=1&b=%2F%00', '?next=/../x', '?q=a\\b', '?x=?', '?u=http://evil/%2e%2e/']

const dots = ['.', '..', '%2e', '%2E', '%2e%2E', '.%2e', '%2E.']
const unsafe = [
  '',
  'a',
  '*',
  'http://evil/',
  'HTTP://evil',
  '//evil',
  '//evil/a',
  '/a\\b',
  '/\\evil',
  '/a#b',
  '/a b',
  '/a\tb',
  '/a\r\nx: y',
  '/a\0',
  '/\u00e9',
  '/\u{1f419}',
  '/a\x7f',
  '/%',
  '/%2',
  '/%zz',
  '/%2f',
  '/a%2Fb',
  '/%5c',
  '/%5C',
  '/%00',
  '/%0a',
  '/%1F',
  '/%7f',
  '/%c0%ae%c0%ae/',
  '/%C1%9c',
  '/%e0%80%af',
  '/%F0%80%80%af',
  ...dots.flatMap((dot) => [`/${dot}`, `/a/${dot}`, `/a/${dot}/b`, `/a/${dot};x=1/b`, `/a/${dot}%3bx`, `/${dot}?q`]),
]

describe('isSafeTarget', () => {
  it.each(plain)('lets %s pass', (path) => expect(isSafeTarget(path)).toBe(true))
  it.each(queries)('lets the query %s pass', (query) => expect(isSafeTarget(`/a${query}`)).toBe(true))
  it.each(unsafe.map((target) => [JSON.stringify(target), target]))('refuses %s', (_, target) =>
    expect(isSafeTarget(target)).toBe(false),
  )
  it.each(['/a?b c', '/a?b#c', '/a?b\r\nx:y', '/a?\u00e9', '/a?\0'])(
    'refuses what would break the request line: %j',
    (target) => expect(isSafeTarget(target)).toBe(false),
  )

  it('takes time in proportion to the length, however it is spelled', () => {
    for (const part of ['/..', '/.', '%2e', '/%2e', '/;', '/']) {
      const startedAt = performance.now()
      isSafeTarget(`/x${part.repeat(20_000)}x`)
      expect(performance.now() - startedAt).toBeLessThan(stuckMs)
    }
  })
})

describe('withoutPrefix', () => {
  it.each([
    ['/shub', '/'],
    ['/shub/', '/'],
    ['/shub?a=1', '/?a=1'],
    ['/shub/shub/engines?x=%2F', '/shub/engines?x=%2F'],
    ['/shub/a%20b', '/a%20b'],
  ])('cuts %s to %s', (target, rest) => expect(withoutPrefix(target, '/shub')).toBe(rest))

  it.each(['/shubx/a', '/Shub/a', '/%73hub/a', '/madre'])('refuses %s, which only looks like it', (target) =>
    expect(() => withoutPrefix(target, '/shub')).toThrow(new GatewayError('bad_request_target')),
  )
})

describe('urlBelow', () => {
  it('keeps the path of the base, with or without its last slash', () => {
    expect(urlBelow('http://shub:8007', '/a?b')).toBe('http://shub:8007/a?b')
    expect(urlBelow('http://shub:8007/', '/a')).toBe('http://shub:8007/a')
    expect(urlBelow('https://edge/base/', '/a')).toBe('https://edge/base/a')
  })

  it('refuses a path that begins with two slashes once the prefix is gone', () => {
    expect(() => upstreamUrl('/shub//evil/a', '/shub', 'http://shub')).toThrow(new GatewayError('bad_request_target'))
  })
})

describe('whatever is sent', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '\\',
      ';',
      '%3b',
      ':',
      '@',
      '?',
      '#',
      '%',
      '%00',
      '//',
      'evil',
      '\t',
      '\n',
      'http:',
      '%c0%ae',
    ),
    fc.string({ maxLength: 3 }),
    anyText({ maxLength: 2 }),
  )
  const target = fc.array(piece, { maxLength: 12 }).map((parts) => `/shub/${parts.join('')}`)
  const bases = ['http://shub:8007', 'http://shub:8007/base', 'https://edge.example/a/b/']

  it('reaches the configured host below the configured path, or nothing', () => {
    fc.assert(
      fc.property(target, fc.constantFrom(...bases), (raw, base) => {
        const url = calledUrl(raw, base)
        if (url === null) return
        const [parsed, below] = [new URL(url), new URL(base)]
        expect(parsed.origin).toBe(below.origin)
        expect(`${parsed.pathname}/`.startsWith(`${below.pathname.replace(/\/$/, '')}/`)).toBe(true)
        expect([parsed.username, parsed.password, parsed.hash]).toEqual(['', '', ''])
      }),
      { numRuns: 3000 },
    )
  })

  it('forwards a path of unreserved characters byte for byte', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,10}$/)
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        const path = `/${segments.join('/')}`
        expect(upstreamUrl(`/shub${path}`, '/shub', 'http://shub')).toBe(`http://shub${path}`)
      }),
    )
  })
})

function calledUrl(raw: string, base: string): string | null {
  try {
    return upstreamUrl(raw, '/shub', base)
  } catch (error) {
    expect(error).toEqual(new GatewayError('bad_request_target'))
    return null
  }
}
