/** Lists of addresses: what is read, and what each mistake is told. */
import { describe, expect, it } from 'vitest'
import { type ConfigError, parseConfig, readConfiguration } from '../../src/config/config.ts'
import { takeOver } from '../../src/config/reload.ts'

const shubOf = (text: string) => parseConfig({ SHUB_URL: text }).upstreams.shub

function complaintOf(env: Record<string, string>): string {
  try {
    parseConfig(env)
    return ''
  } catch (error) {
    return (error as ConfigError).message
  }
}

const two = [
  { url: 'http://one:8007', weight: 3 },
  { url: 'http://other:8007', weight: 1 },
]

describe('several addresses', () => {
  it.each([
    'http://one:8007 weight=3, http://other:8007',
    'http://one:8007  weight=3,http://other:8007/',
    ' ["http://one:8007 weight=3", "http://other:8007"]',
    'HTTP://ONE:8007/ weight=3 , http://other:8007 weight=1',
  ])('are read from %j', (text) => {
    expect(shubOf(text)).toEqual({ kind: 'urls', addresses: two })
  })

  it.each(['http://one:8007', 'http://one:8007 weight=7', '["http://one:8007"]'])('are none in %j', (text) => {
    expect(shubOf(text)).toEqual({ kind: 'url', url: 'http://one:8007' })
  })

  it('leave a comma in a path of a single one alone', () => {
    expect(shubOf('http://one/a,b')).toEqual({ kind: 'url', url: 'http://one/a,b' })
  })

  it.each<[text: string, complaint: string]>([
    ['http://one:1, http://one:1/', 'each address once'],
    ['http://one:80, HTTP://ONE', 'each address once'],
    ['http://one, https://two', 'not both'],
    ['http://one/a, http://two/b', 'the same path'],
    ['http://one, http://shub.example.com', 'private and public hosts'],
    ['http://one weight=0, http://two', 'address 1 a weight from 1 to 100'],
    ['http://one, http://two weight=101', 'address 2 a weight from 1 to 100'],
    ['http://one weight=1.5, http://two', 'address 1 a weight'],
    ['http://one weight=1e1, http://two', 'address 1 a weight'],
    ['http://one weight=, http://two', 'address 1 a weight'],
    ['http://one weight=NaN, http://two', 'address 1 a weight'],
    ['http://one 3, http://two', 'look at address 1'],
    ['http://one:8007, two:8007', 'look at address 2'],
    ['http://one, http://two,', 'look at address 2'],
    ['http://one,, http://two', 'look at address 1'],
    ['http://user:secret@one, http://two', 'look at address 1'],
    ['http://one, http://two?token=secret', 'look at address 2'],
    ['binding:SHUB, http://two', 'look at address 1'],
    ['http://one http://two', 'look at address 1'],
    ['[]', 'comma list or JSON list'],
    ['["http://one", 2]', 'comma list or JSON list'],
    ['[{"url":"http://one"}]', 'comma list or JSON list'],
    ['["http://one"', 'comma list or JSON list'],
    [Array.from({ length: 17 }, (_, index) => `http://h${index}`).join(', '), 'at most 16'],
  ])('%j is told why not', (text, complaint) => {
    const told = complaintOf({ SHUB_URL: text })
    expect(told).toContain('SHUB_URL')
    expect(told).toContain(complaint)
    expect(told).not.toMatch(/secret|h16/)
  })

  it('may be public over https, and sixteen', () => {
    expect(shubOf('https://one, https://shub.example.com').kind).toBe('urls')
    expect(shubOf(Array.from({ length: 16 }, (_, index) => `http://h${index}`).join(',')).kind).toBe('urls')
  })

  it('must be alike under both names of shub', () => {
    const list = 'http://one:1, http://two:1'
    expect(parseConfig({ SHUB_URL: list, VX11_SHUB_UPSTREAM: list }).upstreams.shub.kind).toBe('urls')
    expect(complaintOf({ SHUB_URL: list, VX11_SHUB_UPSTREAM: 'http://one:1' })).toContain('VX11_SHUB_UPSTREAM')
  })

  it('are taken over by a reload, one to several and back', () => {
    const running = readConfiguration({ SHUB_URL: 'http://one:8007' })
    const next = readConfiguration({
      SHUB_URL: 'http://one:8007 weight=3, http://other:8007',
      VX11_HEDGED_UPSTREAMS: 'shub',
    })
    const { changed, needRestart } = takeOver(running.config, running.sources.texts, next)
    expect([changed, needRestart]).toEqual([['SHUB_URL', 'VX11_HEDGED_UPSTREAMS'], []])
    expect(running.config.upstreams.shub).toEqual({ kind: 'urls', addresses: two })
    expect(running.config.hedgedUpstreams).toEqual(['shub'])
    takeOver(running.config, next.sources.texts, readConfiguration({ SHUB_URL: 'http://one:8007' }))
    expect(running.config.upstreams.shub.kind).toBe('url')
  })
})

describe('VX11_HEDGED_UPSTREAMS', () => {
  it('takes names of upstreams only', () => {
    expect(parseConfig({ VX11_HEDGED_UPSTREAMS: 'shub, switch' }).hedgedUpstreams).toEqual(['shub', 'switch'])
    expect(complaintOf({ VX11_HEDGED_UPSTREAMS: 'shub,nobody' })).toContain('VX11_HEDGED_UPSTREAMS')
  })
})
