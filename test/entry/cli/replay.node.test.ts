/** `tentaculo replay`: what of a log is asked again, and which differences between two real gateways are told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SeenAnswer } from '../../../src/entry/cli/replay/answer.ts'
import { answerDifferences } from '../../../src/entry/cli/replay/compare.ts'
import { readRecording } from '../../../src/entry/cli/replay/recording.ts'
import { shapeDifferences, shapeOf } from '../../../src/entry/cli/replay/shape.ts'
import { runCommand } from '../../support/command.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp, tokens } from '../../support/test-app.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const request = (method: string, path: string, more: object = {}) =>
  JSON.stringify({ time: 't', level: 'info', event: 'request', method, path, route: path, status: 200, ...more })

async function logOf(...lines: string[]): Promise<string> {
  const file = join(folder, `${Math.random()}.log`)
  await writeFile(file, lines.join('\n'))
  return file
}

describe('the recording', () => {
  const limits = { perRoute: 2, total: 100 }

  it('is each path once, without what may change something, from lines with and without a prefix', async () => {
    const file = await logOf(
      request('GET', '/a'),
      request('GET', '/a'),
      `tentaculo_link-1  | ${request('HEAD', '/a')}`,
      request('POST', '/a'),
      request('DELETE', '/b'),
      request('GET', '/shub/live', { status: 101 }),
      request('GET', '/c', { path: undefined }),
      request('GET', '/d?token=secret'),
      request('GET', '/e', { query: 'limit=5' }),
      request('GET', '/e', { query: 'limit=9' }),
      request('GET', '/e', { query: 'limit=9 x' }),
      request('GET', '//elsewhere/a b'),
      '{"event":"circuit_open","upstream":"shub"}',
      'no JSON at all',
      '',
    )
    expect(await readRecording(file, limits)).toEqual({
      heads: [
        { method: 'GET', path: '/a', route: '/a' },
        { method: 'HEAD', path: '/a', route: '/a' },
        { method: 'GET', path: '/e?limit=5', route: '/e' },
        { method: 'GET', path: '/e?limit=9', route: '/e' },
      ],
      leftOut: { with_effects: 2, upgrades: 1, over_the_limits: 0, without_path: 1 },
    })
  })

  it('has so many of each route, and so many in all', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => request('GET', `/a/${index}`, { route: '/a/:id' }))
    const file = await logOf(...lines, request('GET', '/b'), request('GET', '/c'))
    const { heads, leftOut } = await readRecording(file, { perRoute: 2, total: 3 })
    expect(heads.map(({ path }) => path)).toEqual(['/a/0', '/a/1', '/b'])
    expect(leftOut.over_the_limits).toBe(8)
  })

  it.each([
    [[request('GET', '/c', { path: undefined })], 'VX11_LOG_PATHS'],
    [[request('POST', '/c')], 'no line of a request'],
    [['{}'], 'no line of a request'],
  ])('is refused where it has nothing', async (lines, complaint) => {
    await expect(readRecording(await logOf(...lines), limits)).rejects.toThrow(complaint)
  })

  it('is refused where there is none', async () => {
    await expect(readRecording(join(folder, 'absent'), limits)).rejects.toThrow('cannot be read')
  })
})

describe('shapes', () => {
  const differences = (one: unknown, other: unknown) => shapeDifferences(shapeOf(one), shapeOf(other))

  it.each<[one: unknown, other: unknown, told: string[]]>([
    [{ a: 1, b: 'x' }, { a: 2, b: 'y' }, []],
    [{ a: 1 }, {}, ['a: gone']],
    [{}, { a: { b: { c: 1 } } }, ['a: new']],
    [{ a: 1 }, { a: '1' }, ['a: number → string']],
    [{ a: null }, { a: { b: 1 } }, []],
    [{ a: { b: 1 } }, { a: null }, []],
    [{ a: [] }, { a: [{ b: 1 }] }, []],
    [{ a: [{ b: 1 }] }, { a: [{ b: 1 }, { b: 2, c: 3 }] }, ['a[].c: new']],
    [{ a: [1] }, { a: { 0: 1 } }, ['a: list → object']],
    [[], {}, ['body: list → object']],
    [1, 'x', ['body: number → string']],
  ])('of %j and %j differ in %j', (one, other, told) => {
    expect(differences(one, other)).toEqual(told)
  })
})

it('compares headers by what lasts of them', () => {
  const answer = (headers: Record<string, string>): SeenAnswer => ({
    status: 200,
    headers: new Map(Object.entries(headers)),
    shape: null,
  })
  const one = answer({ date: '1', age: '1', ratelimit: 'a', vary: 'Origin', 'x-old': '1', 'content-length': '5' })
  const other = answer({ date: '2', ratelimit: 'b', vary: 'Origin, Cookie', 'x-new': '1', 'content-length': '6' })
  expect(answerDifferences(one, other)).toEqual([
    'header vary: Origin → Origin, Cookie',
    'header x-new: new',
    'header x-old: gone',
  ])
  expect(answerDifferences(one, { ...other, status: null })).toEqual(['status 200 → none'])
})

describe('two gateways', () => {
  const servers: Server[] = []
  const gateway = (env: Record<string, string>, shub: object) => {
    const made = testApp({ env })
    made.network.answer('http://shub.test:8007/ready', jsonAnswer(shub))
    const server = serve({ fetch: made.app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    servers.push(server)
    return new Promise<string>((resolve) =>
      server.on('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
    )
  }
  afterAll(() => {
    for (const each of servers) each.close()
  })
  const run = (...args: string[]) =>
    runCommand(['replay', ...args], { cwd: folder, env: { VX11_TENTACULO_LINK_TOKEN: tokens.link } })

  it('that are alike end with 0; what differs is told, and ends with 1', async () => {
    const [old, same, next] = await Promise.all([
      gateway({}, { ready: true }),
      gateway({}, { ready: false }),
      gateway({ VX11_STATUS_PAGE: 'true' }, { ready: 'yes', since: 1 }),
    ])
    const file = await logOf(
      ...['/livez', '/health', '/shub/ready', '/status', '/vx11/circuit-breaker/status'].map((path) =>
        request('GET', path),
      ),
      request('POST', '/shub/cache/clear'),
    )
    const alike = await run(file, '--url', old, '--against', same)
    expect(alike.err).toBe('')
    expect(alike.out).toContain('5 requests to 5 routes compared, all alike. Left out: 1 that may change something')
    expect(alike.status).toBe(0)

    const differing = await run(file, '--url', old, '--against', next, '--json')
    expect(differing.status).toBe(1)
    expect(JSON.parse(differing.out)).toEqual({
      compared: 5,
      routes: 5,
      differing: [
        {
          method: 'GET',
          path: '/shub/ready',
          route: '/shub/ready',
          differences: ['since: new', 'ready: boolean → string'],
        },
        { method: 'GET', path: '/status', route: '/status', differences: ['status 404 → 200'] },
      ],
      left_out: { with_effects: 1, upgrades: 0, over_the_limits: 0, without_path: 0 },
    })
  })

  it('of which one does not answer end with 3, a wrong command line with 2', async () => {
    const file = await logOf(request('GET', '/livez'))
    const url = await gateway({}, {})
    expect((await run(file, '--url', url, '--against', 'http://127.0.0.1:1')).status).toBe(3)
    expect((await run(file, '--url', url)).status).toBe(2)
    expect((await run(join(folder, 'absent'), '--url', url, '--against', url)).status).toBe(2)
  })
})
