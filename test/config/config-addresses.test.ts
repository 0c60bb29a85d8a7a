/** Which addresses, headers and origins are taken, and which are refused. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { badVariables, problemsOf } from './config-problems.ts'

describe('upstreams', () => {
  it.each([
    ['http://switch:8002', 'http://switch:8002'],
    ['http://switch:8002/', 'http://switch:8002'],
    ['HTTPS://Edge.Example:443/base//', 'https://edge.example/base'],
    ['http://[::1]:8002', 'http://[::1]:8002'],
  ])('%s is kept as %s', (text, url) => {
    expect(parseConfig({ SWITCH_URL: text }).upstreams.switch).toEqual({ kind: 'url', url })
  })

  it.each([
    'switch:8002',
    '//switch:8002',
    'http:switch',
    'http://',
    'http:///switch',
    'ftp://switch',
    'http://user:word@switch',
    'http://@switch',
    'http://switch?',
    'http://switch/?q=1',
    'http://switch/#',
    'http://sw itch',
    ' http://switch',
    'http://switch\n',
    'http://switch\t.example',
    'http:\\\\switch',
    'http://switch:99999',
    'javascript://switch',
    'embedded',
    'Embedded',
    'binding:',
    'binding:1ST',
    'binding:A-B',
    'binding:A B',
    `binding:${'A'.repeat(65)}`,
  ])('%j is no address', (text) => {
    expect(badVariables({ SWITCH_URL: text })).toEqual(['SWITCH_URL'])
  })

  it('lets only madre be embedded', () => {
    expect(parseConfig({ MADRE_URL: 'embedded' }).upstreams.madre).toEqual({ kind: 'embedded' })
    expect(parseConfig({ MADRE_URL: 'http://madre:8001' }).upstreams.madre).toEqual({
      kind: 'url',
      url: 'http://madre:8001',
    })
    expect(badVariables({ MADRE_URL: 'EMBEDDED' })).toEqual(['MADRE_URL'])
  })

  it('takes the name of a service binding', () => {
    expect(parseConfig({ HERMES_URL: 'binding:HERMES_1' }).upstreams.hermes).toEqual({
      kind: 'binding',
      binding: 'HERMES_1',
    })
  })

  it('hears both names of shub, and refuses two addresses', () => {
    const shub = { kind: 'url', url: 'http://shub:8007' }
    expect(parseConfig({ SHUB_URL: 'http://shub:8007' }).upstreams.shub).toEqual(shub)
    expect(parseConfig({ VX11_SHUB_UPSTREAM: 'http://shub:8007' }).upstreams.shub).toEqual(shub)
    expect(
      parseConfig({ SHUB_URL: 'http://shub:8007', VX11_SHUB_UPSTREAM: 'http://shub:8007/' }).upstreams.shub,
    ).toEqual(shub)
    expect(badVariables({ SHUB_URL: 'http://shub:8007', VX11_SHUB_UPSTREAM: 'http://other:8007' })).toEqual([
      'VX11_SHUB_UPSTREAM',
    ])
  })

  it('reads each address from its own variable', () => {
    const names = ['madre', 'switch', 'shub', 'hermes', 'hormiguero', 'manifestator', 'mcp', 'spawner', 'operator']
    const env = Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_URL`, `http://${name}:1`]))
    expect(parseConfig(env).upstreams).toEqual(
      Object.fromEntries(names.map((name) => [name, { kind: 'url', url: `http://${name}:1` }])),
    )
  })
})

describe('VX11_UPSTREAM_HEADERS', () => {
  const headersOf = (headers: unknown) => ({ VX11_UPSTREAM_HEADERS: JSON.stringify(headers) })

  it('keeps names in lower case', () => {
    const config = parseConfig(headersOf({ shub: { 'CF-Access-Client-Id': 'a b\tc', 'X-Empty': '' }, switch: {} }))
    expect(config.upstreamHeaders).toEqual({ shub: { 'cf-access-client-id': 'a b\tc', 'x-empty': '' }, switch: {} })
  })

  it('takes a name that is special to JavaScript as any other', () => {
    const config = parseConfig({ VX11_UPSTREAM_HEADERS: '{"shub":{"__proto__":"a","constructor":"b"}}' })
    expect(Object.entries(config.upstreamHeaders.shub ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it.each([
    'text',
    'null',
    '[]',
    '"x"',
    '{"nobody":{}}',
    '{"__proto__":{}}',
    '{"shub":[]}',
    '{"shub":null}',
    '{"shub":"x"}',
    '{"shub":{"":"x"}}',
    '{"shub":{"a b":"x"}}',
    '{"shub":{"a:":"x"}}',
    '{"shub":{"é":"x"}}',
    '{"shub":{"a":1}}',
    '{"shub":{"a":null}}',
    '{"shub":{"a":"x\\r\\nb: c"}}',
    '{"shub":{"a":"x\\n"}}',
    '{"shub":{"a":"\\u0000"}}',
    '{"shub":{"a":" x"}}',
    '{"shub":{"a":"x "}}',
    '{"shub":{"a":"é"}}',
    '{"shub":{"a":"x","A":"y"}}',
    '{"shub":{"Host":"x"}}',
    '{"shub":{"Transfer-Encoding":"chunked"}}',
    '{"shub":{"connection":"close"}}',
  ])('refuses %s', (text) => {
    expect(badVariables({ VX11_UPSTREAM_HEADERS: text })).toEqual(['VX11_UPSTREAM_HEADERS'])
  })

  it('names every upstream whose headers are bad', () => {
    const messages = problemsOf(headersOf({ shub: { 'a b': '' }, madre: { ok: 'ok' }, mcp: 1 })).map(
      ({ message }) => message,
    )
    expect(messages).toEqual([expect.stringContaining('shub'), expect.stringContaining('mcp')])
  })
})

describe('stores', () => {
  it.each([
    'file:./data/vx11.db',
    'file:/var/lib/vx11 data/vx11.db',
    'libsql://db.example',
    'libsql://localhost:8080?tls=0',
    'http://127.0.0.1:8080',
    'https://db.example/path',
  ])('VX11_DATABASE_URL takes %s', (url) => {
    expect(parseConfig({ VX11_DATABASE_URL: url }).database.url).toBe(url)
  })

  it.each([
    'file:',
    'file:a?mode=memory',
    'data/vx11.db',
    'sqlite:///x.db',
    'postgres://db',
    'libsql://',
    'libsql://user:word@db.example',
    'libsql://db.example?authToken=x',
    'libsql://db.example?tls=0&authToken=x',
    'http://db.example#x',
  ])('VX11_DATABASE_URL refuses %j', (url) => {
    expect(badVariables({ VX11_DATABASE_URL: url })).toEqual(['VX11_DATABASE_URL'])
  })

  it.each(['redis://redis', 'redis://:pass@redis:6379/0', 'rediss://user:pass@cache.example:6380/15', 'redis://h/'])(
    'VX11_REDIS_URL takes %s',
    (url) => {
      expect(parseConfig({ VX11_REDIS_URL: url }).redisUrl).toBe(url)
    },
  )

  it.each([
    'redis:6379',
    'redis://',
    'http://redis',
    'redis://h/name',
    'redis://h/0#x',
    'redis://h?db=1',
    'redis://h h',
  ])('VX11_REDIS_URL refuses %j', (url) => {
    expect(badVariables({ VX11_REDIS_URL: url })).toEqual(['VX11_REDIS_URL'])
    expect(badVariables({ REDIS_URL: url })).toEqual(['REDIS_URL'])
  })

  it('prefers VX11_REDIS_URL to REDIS_URL', () => {
    expect(parseConfig({ VX11_REDIS_URL: 'redis://a', REDIS_URL: 'redis://b' }).redisUrl).toBe('redis://a')
    expect(parseConfig({ REDIS_URL: 'redis://b' }).redisUrl).toBe('redis://b')
  })
})

describe('ALLOWED_ORIGINS', () => {
  it.each([
    ['https://a.example', ['https://a.example']],
    ['https://a.example , http://localhost:5173,', ['https://a.example', 'http://localhost:5173']],
    ['["https://a.example", "http://b.example:8080"]', ['https://a.example', 'http://b.example:8080']],
    ['HTTPS://A.Example:443,https://a.example', ['https://a.example']],
    ['tauri://localhost', ['tauri://localhost']],
    ['http://[::1]:3000', ['http://[::1]:3000']],
    ['[]', []],
  ])('%s is %j', (text, origins) => {
    expect(parseConfig({ ALLOWED_ORIGINS: text }).allowedOrigins).toEqual(origins)
  })

  it.each([
    '*',
    'https://*.example',
    'https://*',
    'null',
    'a.example',
    'https://',
    'https://a.example/',
    'https://a.example/x',
    'https://a.example?',
    'https://a.example#',
    'https://user@a.example',
    'https://a.example:99999',
    'https://a.example https://b.example',
    'https://a.example,*',
    '["https://a.example"',
    '["https://a.example", 1]',
    '["*"]',
  ])('refuses %j', (text) => {
    expect(badVariables({ ALLOWED_ORIGINS: text })).toEqual(['ALLOWED_ORIGINS'])
  })
})
