/** What a refusal says, what it never says, and which unknown names look like typos. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ConfigError,
  configVariables,
  parseConfig,
  secretVariables,
  unknownVariables,
} from '../../src/config/config.ts'
import { anyText } from '../support/any-text.ts'
import { badVariables, problemsOf } from './config-problems.ts'

describe('a refusal', () => {
  it('names everything that is wrong at once, in its message and as a list', () => {
    const bad = {
      PORT: 'x',
      LOG_LEVEL: 'x',
      SWITCH_URL: 'x',
      VX11_TOKENS: 'x',
      VX11_CACHE_TTL_HEALTH: '0',
      ALLOWED_ORIGINS: '*',
    }
    expect(badVariables(bad).sort()).toEqual(Object.keys(bad).sort())
    expect(() => parseConfig(bad)).toThrow(ConfigError)
    for (const name of Object.keys(bad)) expect(() => parseConfig(bad)).toThrow(`${name} must be`)
  })

  it('never repeats a value, whatever the variable', () => {
    const marker = fc.stringMatching(/^[A-Z]{8}$/).map((letters) => `q${letters}q`)
    const shapes = [
      (text: string) => text,
      (text: string) => `http://${text}:${text}@h`,
      (text: string) => `binding:${text} `,
      (text: string) => JSON.stringify(text),
      (text: string) => JSON.stringify({ [text]: { [text]: text } }),
      (text: string) => JSON.stringify({ shub: { [`${text} `]: text } }),
      (text: string) => JSON.stringify([{ [text]: text }]),
      (text: string) => JSON.stringify([{ name: `${text} `, token: ` ${text}`, scopes: [text], notAfter: text }]),
      (text: string) => JSON.stringify([{ name: text, sha256: text, scopes: text, notAfter: [text] }]),
      (text: string) =>
        JSON.stringify([
          { name: text, token: text, scopes: ['shub'] },
          { name: text, token: `${text}2`, scopes: ['shub'] },
        ]),
    ]
    const names = configVariables.map(({ name }) => name)
    const variables = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...shapes), { minKeys: 1 })
    fc.assert(
      fc.property(marker, variables, (text, shapesByName) => {
        const env = Object.fromEntries(Object.entries(shapesByName).map(([name, shape]) => [name, shape(text)]))
        const problems = problemsOf(env)
        const told = JSON.stringify(problems) + (problems.length > 0 ? new ConfigError(problems).stack : '')
        return !told.includes(text)
      }),
      { numRuns: 500 },
    )
  })

  it('is a ConfigError for any text at all', () => {
    const names = configVariables.map(({ name }) => name)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anyText()), (env) => {
        for (const { variable, message } of problemsOf(env)) {
          expect(names).toContain(variable)
          expect(message).toMatch(/^(entry \d+: .*)?must /)
        }
      }),
    )
  })
})

describe('unknownVariables', () => {
  it.each([
    ['VX11_REDIS_ULR', 'VX11_REDIS_URL'],
    ['VX11_CACHE_ENABLE', 'VX11_CACHE_ENABLED'],
    ['VX11_TOKENSS', 'VX11_TOKENS'],
    ['VX11_RATE_LIMIT_DEFUALT', 'VX11_RATE_LIMIT_DEFAULT'],
    ['SWITCH_ULR', 'SWITCH_URL'],
    ['ALOWED_ORIGINS', 'ALLOWED_ORIGINS'],
    ['VX11_SWITCH_URL', 'SWITCH_URL'],
    ['VX11_PORT', 'PORT'],
    ['GATEWAY_TOKEN', 'VX11_GATEWAY_TOKEN'],
    ['TENTACULO_LINK_TOKN', 'VX11_TENTACULO_LINK_TOKEN'],
    ['VX11_TOKENS_FLIE', 'VX11_TOKENS_FILE'],
    ['vx11_tokens', 'VX11_TOKENS'],
  ])('takes %s for %s', (name, nearest) => {
    expect(unknownVariables({ [name]: 'x' })).toEqual([{ name, nearest }])
  })

  it.each([
    'VX11_TOKEN',
    'VX11_LOCAL_TOKEN',
    'VX11_SOLO_MADRE',
    'VX11_MODE',
    'VX11_REPO_ROOT',
    'VX11_METRICS_PORT',
    'PROT',
    'PATH',
    'HOSTNAME',
    'MADRE_PORT',
    'GITHUB_URL',
    'LOGNAME',
    'NODE_OPTIONS',
  ])('leaves %s alone', (name) => {
    expect(unknownVariables({ [name]: 'x' })).toEqual([])
  })

  it('never takes a known variable for a typo', () => {
    const names = [...configVariables.map(({ name }) => name), ...[...secretVariables].map((name) => `${name}_FILE`)]
    expect(unknownVariables(Object.fromEntries(names.map((name) => [name, ''])))).toEqual([])
  })

  it('does not stop the start', () => {
    expect(problemsOf({ VX11_REDIS_ULR: 'x' })).toEqual([])
  })
})
