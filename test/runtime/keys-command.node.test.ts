/** `npm run keys` against a running gateway. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let gateway: Gateway
beforeAll(async () => {
  gateway = await startNodeGateway({ LOG_LEVEL: 'warn' })
})
afterAll(() => gateway?.stop())

interface Ran {
  status: number
  out: string
  err: string
}

const keys = (args: readonly string[], env: Record<string, string> = {}) =>
  new Promise<Ran>((resolve) => {
    const port = new URL(gateway.url).port
    const own = {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: port,
      VX11_TENTACULO_LINK_TOKEN: token,
      ...env,
    }
    const started = execFile(
      process.execPath,
      [`${root}/dist/keys.js`, ...args],
      { env: own, cwd: gateway.folder },
      (_error, out, err) => resolve({ status: started.exitCode ?? -1, out, err }),
    )
  })

const statusAs = async (key: string) =>
  (await fetch(`${gateway.url}/operator/api/whoami`, { headers: { 'x-vx11-token': key.trim() } })).status

it('makes, lists, shows, rerolls and revokes a key', async () => {
  const made = await keys(['create', 'ci', '--scope', 'operator', '--limit', 'user=600', '--expires', '2040-01-01'])
  expect(made).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^tlk_\w+\n$/),
    err: expect.stringContaining('ci'),
  })
  expect(await statusAs(made.out)).toBe(200)
  const listed = JSON.parse((await keys(['list', '--json'])).out)
  expect(listed).toMatchObject([{ name: 'ci', limits: { user: 600 }, state: 'active' }])
  const { id } = listed[0]
  expect((await keys(['show', id])).out).toContain('2040-01-01T00:00:00.000Z')
  const rerolled = await keys(['reroll', id, '--overlap', '600'])
  for (const key of [made.out, rerolled.out]) expect(await statusAs(key)).toBe(200)
  expect(await keys(['revoke', id])).toMatchObject({ status: 0, out: expect.stringContaining('revoked') })
  for (const key of [made.out, rerolled.out]) await expect.poll(() => statusAs(key)).toBe(403)
  expect((await keys(['list', '--state', 'active'])).out).toBe('No keys yet.\n')
})

it('ends with a status that says what went wrong', async () => {
  const ends: [string[], Record<string, string>, number, string][] = [
    [['show', 'nothing'], {}, 1, '404'],
    [['create', 'x', '--scope', 'root'], {}, 1, 'scopes'],
    [['list'], { VX11_TENTACULO_LINK_TOKEN: 'another-token' }, 1, '403'],
    [['create'], {}, 2, 'needs a name'],
    [['toString'], {}, 2, 'no command'],
    [['list'], { PORT: String(await freePort()) }, 3, 'No gateway answers'],
  ]
  for (const [args, env, status, words] of ends) {
    expect(await keys(args, env), args.join(' ')).toMatchObject({ status, err: expect.stringContaining(words) })
  }
  expect(await keys(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('reroll') })
})
