/** Where values come from: the environment, a file of variables, files of secrets; and the form that none may have. */
import { describe, expect, it } from 'vitest'
import { type ReadTextFile, readConfiguration, readSources, secretVariables } from '../../src/config/config.ts'
import { problemsOf } from './config-problems.ts'

const token = 'a-token-of-24-characters'

const filesOf =
  (files: Readonly<Record<string, string>>): ReadTextFile =>
  (path) => {
    const text = files[path]
    return text === undefined ? { failure: 'it does not exist' } : { text }
  }

const read = (variables: Record<string, string>, files: Record<string, string> = {}) => {
  const { texts, problems } = readSources(variables, filesOf(files))
  return { texts: Object.fromEntries(texts), problems }
}

describe('the form of a value', () => {
  it.each([
    ['"redis://h"', 'must not stand in quotes, which would be a part of it'],
    ["'redis://h'", 'must not stand in quotes, which would be a part of it'],
    ['redis://h ', 'must not begin or end with blanks'],
    ['\tredis://h', 'must not begin or end with blanks'],
    ['redis://h\r', 'must not have a carriage return: give its file Unix line ends'],
  ])('refuses %j by name', (value, message) => {
    expect(problemsOf({ VX11_REDIS_URL: value })).toEqual([{ variable: 'VX11_REDIS_URL', message }])
    expect(read({ VX11_REDIS_URL_FILE: '/s' }, { '/s': `${value}\n` }).problems).toEqual([
      { variable: 'VX11_REDIS_URL', message },
    ])
  })

  it('takes a quote that is no pair, and JSON', () => {
    expect(read({ VX11_GATEWAY_TOKEN: `"${token}` }).problems).toEqual([])
    expect(problemsOf({ VX11_TOKENS: '\n[\r\n]\n', VX11_CHAT_PRICES: '{}' })).toEqual([])
  })
})

describe('a secret in a file', () => {
  it.each([...secretVariables])('%s is read from the file that its _FILE names, without the newline', (name) => {
    expect(read({ [`${name}_FILE`]: '/s' }, { '/s': `${token}\n` })).toEqual({ texts: { [name]: token }, problems: [] })
  })

  it('keeps further lines, which no token may have', () => {
    const problems = problemsIn({ VX11_GATEWAY_TOKEN_FILE: '/s' }, { '/s': `${token}\n\n` })
    expect(problems).toEqual([['VX11_GATEWAY_TOKEN', 'must not begin or end with blanks']])
  })

  it('is refused beside the variable itself, when it is unreadable, and when it is empty', () => {
    const both = { VX11_GATEWAY_TOKEN: token, VX11_GATEWAY_TOKEN_FILE: '/s' }
    expect(problemsIn(both, { '/s': token })).toEqual([
      ['VX11_GATEWAY_TOKEN_FILE', 'must not be set beside VX11_GATEWAY_TOKEN'],
    ])
    expect(problemsIn({ VX11_GATEWAY_TOKEN_FILE: '/none' })).toEqual([
      ['VX11_GATEWAY_TOKEN_FILE', 'must name a file that can be read: it does not exist'],
    ])
    expect(problemsIn({ VX11_GATEWAY_TOKEN_FILE: '/s' }, { '/s': '\n' })).toEqual([
      ['VX11_GATEWAY_TOKEN_FILE', 'must name a file that is not empty'],
    ])
  })

  it('is no reason to ask for a token in production, too', () => {
    expect(problemsIn({ VX11_ENV: 'production', VX11_GATEWAY_TOKEN_FILE: '/none' })).toHaveLength(1)
  })

  it('cannot be where there are no files', () => {
    expect(problemsOf({ DEEPSEEK_API_KEY_FILE: '/s' })).toEqual([
      { variable: 'DEEPSEEK_API_KEY_FILE', message: 'must name a file that can be read: there are no files here' },
    ])
  })

  it('is not what VX11_DATABASE_URL may be in, which holds none', () => {
    expect(read({ VX11_DATABASE_URL_FILE: '/s' }, { '/s': 'x' })).toEqual({ texts: {}, problems: [] })
  })
})

describe('VX11_ENV_FILE', () => {
  const file = (text: string, own: Record<string, string> = {}) =>
    read({ VX11_ENV_FILE: '/env', ...own }, { '/env': text, '/s': token })

  it('adds variables, beneath those of the process that are not empty', () => {
    const { texts } = file('# the tokens\n\nPORT=9000\nSHUB_URL=http://file\n', { PORT: '', SHUB_URL: 'http://own' })
    expect(texts).toMatchObject({ PORT: '9000', SHUB_URL: 'http://own' })
  })

  it('takes values as they are', () => {
    const json = '[{"name":"a","token":"#=12345678 9","scopes":["ingest"]}]'
    expect(file(`VX11_TOKENS=${json}`).texts.VX11_TOKENS).toBe(json)
    expect(file('VX11_GATEWAY_TOKEN_FILE=/s').texts.VX11_GATEWAY_TOKEN).toBe(token)
    expect(file('PORT="9000"').problems).toEqual([
      { variable: 'PORT', message: 'must not stand in quotes, which would be a part of it' },
    ])
  })

  it.each([
    ['PORT 9000', 'must hold NAME=value in line 1'],
    ['\nexport PORT=9000', 'must hold NAME=value in line 2'],
    ['PORT=1\nPORT=2', 'must not set one variable twice, as in line 2'],
  ])('is refused for %j', (text, message) => {
    expect(file(text).problems).toEqual([{ variable: 'VX11_ENV_FILE', message }])
  })

  it('is refused when it cannot be read', () => {
    expect(problemsIn({ VX11_ENV_FILE: '/none' })).toEqual([
      ['VX11_ENV_FILE', 'must name a file that can be read: it does not exist'],
    ])
  })
})

function problemsIn(variables: Record<string, string>, files: Record<string, string> = {}): [string, string][] {
  try {
    readConfiguration(variables, filesOf(files))
    return []
  } catch (error) {
    return (error as { problems: { variable: string; message: string }[] }).problems.map((each) => [
      each.variable,
      each.message,
    ])
  }
}
