/** `tentaculo keys` against a running gateway. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runBeside } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startNodeGateway({ LOG_LEVEL: 'warn' })
})
afterAll(() => gateway?.stop())

const keys = (args: readonly string[], env: Record<string, string> = {}) => runBeside(gateway, ['keys', ...args], env)

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
    [['create', 'x', '--scope', 'operator', '--expires', 'soon'], {}, 1, 'expires_at: Expected an ISO date'],
    [['list'], { VX11_TENTACULO_LINK_TOKEN: 'another-token' }, 1, '403'],
    [['create', '--scope', 'admin'], {}, 2, "missing required argument 'name'"],
    [['create', 'x'], {}, 2, '--scope'],
    [['create', 'x', '--scope', 'root'], {}, 2, 'Allowed choices are operator'],
    [['create', 'x', '--scope', 'operator', '--limit', 'user'], {}, 2, 'CLASS=N'],
    [['list', '--stat', 'active'], {}, 2, 'Did you mean --state?'],
    [['toString'], {}, 2, 'unknown command'],
    [['list', '--token-file', 'absent'], {}, 2, 'token file'],
    [['list'], { PORT: String(await freePort()) }, 3, 'No gateway answers'],
  ]
  for (const [args, env, status, words] of ends) {
    expect(await keys(args, env), args.join(' ')).toMatchObject({ status, err: expect.stringContaining(words) })
  }
  expect(await keys(['--help'])).toMatchObject({ status: 0, out: expect.stringContaining('reroll') })
})
