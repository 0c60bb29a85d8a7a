/** How tokens become principals, and what production asks of them. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { badVariables, problemsOf } from './config-problems.ts'

const publicToken = 'vx11-local-token'
/** SHA-256 of `vx11-local-token`, from sha256sum. */
const publicTokenSha256 = '2a67e30164fccdeeda8f7ac030e5e7850dbb3547008ee059eca02b9db8b6371b'

const principalsOf = (env: Record<string, string>) => parseConfig(env).knownTokens.map(({ principal }) => principal)

describe('tokens', () => {
  const named = (...entries: unknown[]) => ({ VX11_TOKENS: JSON.stringify(entries) })
  const entry = { name: 'ops', token: 'ops-token-1', scopes: ['operator'] }
  const everyScope = ['operator', 'shub', 'ingest', 'admin', 'wake']

  const refusedLists: [string, string][] = [
    ['no JSON', 'ops:token'],
    ['no list', '{}'],
    ['null', 'null'],
    ...(
      [
        ['no object', 'ops'],
        ['no name', { token: 'ops-token-1', scopes: ['operator'] }],
        ['an empty name', { ...entry, name: '' }],
        ['a long name', { ...entry, name: 'n'.repeat(65) }],
        ['a name with a blank', { ...entry, name: 'a b' }],
        ['neither token nor digest', { name: 'ops', scopes: ['operator'] }],
        ['token and digest', { ...entry, sha256: 'ab'.repeat(32) }],
        ['a short token', { ...entry, token: '1234567' }],
        ['a long token', { ...entry, token: 't'.repeat(513) }],
        ['a token with a blank', { ...entry, token: 'ops token 1' }],
        ['a token beyond ASCII', { ...entry, token: 'ops-tokén-1' }],
        ['a token that is no text', { ...entry, token: 12345678 }],
        ['a short digest', { name: 'ops', sha256: 'ab'.repeat(31), scopes: ['operator'] }],
        ['a digest that is not hexadecimal', { name: 'ops', sha256: 'xy'.repeat(32), scopes: ['operator'] }],
        ['no scopes', { name: 'ops', token: 'ops-token-1' }],
        ['empty scopes', { ...entry, scopes: [] }],
        ['an unknown scope', { ...entry, scopes: ['operator', 'root'] }],
        ['scopes that are no list', { ...entry, scopes: 'operator' }],
        ['an unknown key', { ...entry, scope: 'x' }],
        ['an end without zone', { ...entry, notAfter: '2027-01-01T00:00:00' }],
        ['an end on February 30', { ...entry, notAfter: '2027-02-30' }],
        ['an end in words', { ...entry, notAfter: 'tomorrow' }],
        ['an end in milliseconds', { ...entry, notAfter: 1_800_000_000_000 }],
        ['an end of half a second', { ...entry, notAfter: 0.5 }],
        ['an end that is null', { ...entry, notAfter: null }],
      ] as const
    ).map(([what, value]) => [what, JSON.stringify([value])] as [string, string]),
    ['one name twice', JSON.stringify([entry, { ...entry, token: 'ops-token-2' }])],
    ['one token twice', JSON.stringify([entry, { ...entry, name: 'other' }])],
  ]

  it('gives the link token every scope and sends it upstream', () => {
    const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: publicToken })
    expect(config.knownTokens).toEqual([
      { sha256: publicTokenSha256, principal: { name: 'link', scopes: everyScope, notAfterMs: null } },
    ])
    expect(config.upstreamToken).toBe(publicToken)
  })

  it('narrows the gateway token to shub when there is a link token', () => {
    const principals = principalsOf({
      VX11_TENTACULO_LINK_TOKEN: 'link-token-1',
      VX11_GATEWAY_TOKEN: 'gateway-token-1',
    })
    expect(principals.map(({ name, scopes }) => [name, scopes])).toEqual([
      ['link', everyScope],
      ['gateway', ['shub']],
    ])
  })

  it('lets the gateway token stand in for a missing link token', () => {
    const config = parseConfig({ VX11_GATEWAY_TOKEN: 'gateway-token-1' })
    expect(config.knownTokens).toMatchObject([{ principal: { name: 'gateway', scopes: everyScope } }])
    expect(config.upstreamToken).toBe('gateway-token-1')
  })

  it('sends an upstream token of its own when there is one', () => {
    const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'link-token-1', VX11_UPSTREAM_TOKEN: 'u' })
    expect(config.upstreamToken).toBe('u')
    expect(config.knownTokens).toHaveLength(1)
  })

  it('makes one principal of one token in several variables', () => {
    const principals = principalsOf({
      VX11_GATEWAY_TOKEN: 'same-token',
      VX11_TENTACULO_LINK_TOKEN: 'link-token-1',
      VX11_OPERATOR_TOKEN: 'same-token',
      ...named({ name: 'feeder', token: 'same-token', scopes: ['ingest'] }),
    })
    expect(principals.map(({ name, scopes }) => [name, scopes])).toEqual([
      ['link', everyScope],
      ['gateway', ['operator', 'shub', 'ingest']],
    ])
  })

  it('takes named principals by token and by digest', () => {
    const { knownTokens } = parseConfig(
      named(
        { name: 'a', token: publicToken, scopes: ['admin', 'shub', 'admin'] },
        { name: 'b', sha256: 'AB'.repeat(32), scopes: ['ingest'], notAfter: '2027-01-01' },
      ),
    )
    expect(knownTokens).toEqual([
      { sha256: publicTokenSha256, principal: { name: 'a', scopes: ['shub', 'admin'], notAfterMs: null } },
      { sha256: 'ab'.repeat(32), principal: { name: 'b', scopes: ['ingest'], notAfterMs: Date.UTC(2027, 0, 1) } },
    ])
  })

  it.each([
    ['2027-02-03', Date.UTC(2027, 1, 3)],
    ['2027-02-03T04:05Z', Date.UTC(2027, 1, 3, 4, 5)],
    ['2027-02-03T04:05:06.5+01:00', Date.UTC(2027, 1, 3, 3, 5, 6, 500)],
    [1_800_000_000, 1_800_000_000_000],
  ])('notAfter %j is a moment', (notAfter, notAfterMs) => {
    expect(principalsOf(named({ ...entry, notAfter }))).toMatchObject([{ notAfterMs }])
  })

  it.each(refusedLists)('refuses %s', (_what, text) => {
    expect(badVariables({ VX11_TOKENS: text })).toEqual(['VX11_TOKENS'])
  })

  it('tells bad entries by their place in the list', () => {
    const problems = problemsOf(named({ ...entry, name: '' }, entry, { ...entry, token: 'x', scopes: [] }))
    expect(problems.map(({ message }) => message.slice(0, 15))).toEqual([
      'entry 1: name m',
      'entry 3: token ',
      'entry 3: scopes',
    ])
  })

  it('refuses the name of another variable for another token, and an end for its token', () => {
    const operator = { VX11_OPERATOR_TOKEN: 'operator-token' }
    expect(badVariables({ ...operator, ...named({ ...entry, name: 'operator' }) })).toEqual(['VX11_TOKENS'])
    expect(badVariables({ ...operator, ...named({ ...entry, token: 'operator-token', notAfter: 1 }) })).toEqual([
      'VX11_TOKENS',
    ])
  })

  it.each([
    'VX11_TENTACULO_LINK_TOKEN',
    'VX11_GATEWAY_TOKEN',
    'VX11_OPERATOR_TOKEN',
    'VX11_TENTACULO_LINK_SHARED_SECRET',
  ])('%s is 8 to 512 visible ASCII characters', (name) => {
    for (const good of ['12345678', 't'.repeat(512), '!"#$%&~}']) expect(problemsOf({ [name]: good })).toEqual([])
    for (const bad of ['1234567', 't'.repeat(513), 'with a blank', 'línktoken', 'token\u007f123', 'token-123\n'])
      expect(badVariables({ [name]: bad })).toEqual([name])
  })

  it('counts the key that compose sets by default as no key', () => {
    expect(parseConfig({ DEEPSEEK_API_KEY: 'not-set' }).chat.deepseekApiKey).toBeNull()
    expect(parseConfig({ DEEPSEEK_API_KEY: 'sk-1' }).chat.deepseekApiKey).toBe('sk-1')
  })
})

describe('production', () => {
  const production = { VX11_ENV: 'production' }
  const safe = { ...production, VX11_TENTACULO_LINK_TOKEN: 'a-token-of-our-own-making' }

  it.each([
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'test' }, 'development'],
    [{ NODE_ENV: 'production', VX11_ENV: 'Development' }, 'development'],
    [{ NODE_ENV: 'development', VX11_ENV: 'production' }, 'production'],
  ])('%j is %s', (env, environment) => {
    expect(parseConfig({ ...env, VX11_TENTACULO_LINK_TOKEN: 'a-token-of-our-own-making' }).environment).toBe(
      environment,
    )
  })

  it.each([{}, { VX11_OPERATOR_TOKEN: 'a-token-of-our-own-making' }, { VX11_TOKENS: '[]' }])(
    'asks for a token beyond %j',
    (env) => {
      expect(badVariables({ ...production, ...env })).toEqual(['VX11_TENTACULO_LINK_TOKEN'])
      expect(badVariables(env)).toEqual([])
    },
  )

  it.each([
    { VX11_TENTACULO_LINK_TOKEN: 'a-token-of-our-own-making' },
    { VX11_GATEWAY_TOKEN: 'a-token-of-our-own-making' },
    { VX11_TOKENS: JSON.stringify([{ name: 'ops', sha256: 'ab'.repeat(32), scopes: ['ingest'] }]) },
  ])('is content with %j', (env) => {
    expect(badVariables({ ...production, ...env })).toEqual([])
  })

  it.each(['vx11-local-token', 'vx11-token-production'])('refuses the published %s wherever it stands', (token) => {
    for (const name of [
      'VX11_TENTACULO_LINK_TOKEN',
      'VX11_GATEWAY_TOKEN',
      'VX11_OPERATOR_TOKEN',
      'VX11_UPSTREAM_TOKEN',
    ])
      expect(new Set(badVariables({ ...safe, [name]: token }))).toEqual(new Set([name]))
    const listed = JSON.stringify([{ name: 'ops', token, scopes: ['operator'] }])
    expect(new Set(badVariables({ ...safe, VX11_TOKENS: listed }))).toEqual(new Set(['VX11_TOKENS']))
  })

  it('knows a published token by its digest', () => {
    const listed = JSON.stringify([{ name: 'ops', sha256: publicTokenSha256.toUpperCase(), scopes: ['operator'] }])
    expect(badVariables({ ...safe, VX11_TOKENS: listed })).toEqual(['VX11_TOKENS'])
  })

  it('refuses tokens that are short enough to be found by trying', () => {
    const [short, long] = ['x'.repeat(23), 'x'.repeat(24)]
    for (const name of ['VX11_TENTACULO_LINK_TOKEN', 'VX11_GATEWAY_TOKEN', 'VX11_OPERATOR_TOKEN']) {
      expect(badVariables({ ...safe, [name]: short })).toEqual([name])
      expect(badVariables({ ...safe, [name]: long })).toEqual([])
      expect(badVariables({ [name]: short })).toEqual([])
    }
    const listed = (token: string) => JSON.stringify([{ name: 'ops', token, scopes: ['operator'] }])
    expect(problemsOf({ ...safe, VX11_TOKENS: listed(short) })).toEqual([
      { variable: 'VX11_TOKENS', message: 'entry 1: token must have at least 24 characters in production' },
    ])
    expect(badVariables({ ...safe, VX11_TOKENS: listed(long) })).toEqual([])
    expect(badVariables({ VX11_TOKENS: listed(short) })).toEqual([])
  })

  it('does without mock providers', () => {
    expect(badVariables({ ...safe, VX11_MOCK_PROVIDERS: 'true' })).toEqual(['VX11_MOCK_PROVIDERS'])
    expect(badVariables({ VX11_MOCK_PROVIDERS: 'true' })).toEqual([])
  })

  it('does not call a token missing that is there but malformed', () => {
    expect(problemsOf({ ...production, VX11_TENTACULO_LINK_TOKEN: 'short' })).toHaveLength(1)
  })
})
