/** `tentaculo status`, `events` and the windows against a running gateway that goes away and comes back. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf, runBeside, runCommand, startCommand } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startNodeGateway({ LOG_LEVEL: 'warn' })
})
afterAll(async () => {
  // A test that failed has not ended what it follows.
  for (const child of followed) child.kill('SIGKILL')
  await gateway?.stop()
})
const followed: ChildProcess[] = []

const run = (...args: string[]) => runBeside(gateway, args)

/** The lines of a command that does not end by itself. */
function follow(...args: string[]) {
  const child = startCommand(args, { cwd: gateway.folder, env: environmentOf(gateway) })
  followed.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    next: async () => String((await lines.next()).value),
    async end() {
      const closed = once(child, 'close')
      child.kill('SIGINT')
      const [status] = await closed
      return status
    },
  }
}

describe('tentaculo status', () => {
  it('shows services, mode and database, without colours where there is no terminal', async () => {
    const { status, out } = await run('status')
    expect(status).toBe(0)
    expect(out).toContain('all that should run does')
    expect(out).toMatch(/^Tentáculo Link \d+\.\d+\.\d+ \([0-9a-f]+(?:-dirty)?\) {2}http:/)
    expect(out).toMatch(/^madre +UP +\d+ {2}closed +0\/256/m)
    expect(out).toMatch(/^mode +solo_madre, no window$/m)
    expect(out).toMatch(/^database +ok, .*88 tables/m)
    expect(out).not.toContain('\u001b')
    const { status: reading, build } = JSON.parse((await run('status', '--json')).out)
    expect(reading).toMatchObject({ degraded: false, mode: 'solo_madre' })
    expect(build).toEqual({ version: expect.any(String), commit: expect.any(String) })
  })

  it('ends with 3 where nothing answers, or something else does', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    expect(await runCommand(['status', '--url', url])).toMatchObject({
      status: 3,
      err: expect.stringContaining(`No gateway answers at ${url} (ECONNREFUSED)`),
    })
    const stranger = createServer((_, response) => response.end('{"breakers":{}}')).listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const other = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
    expect(await runCommand(['status', '--url', other])).toMatchObject({
      status: 3,
      err: `What answers at ${other} is no Tentáculo Link.\n`,
    })
    stranger.close()
  })

  it('takes address and token from the command line, and the token only from a file', async () => {
    const file = join(gateway.folder, 'operator.token')
    await writeFile(file, `${token}\n`)
    const args = ['status', '--json', '--url', gateway.url]
    expect((await runCommand([...args, '--token-file', file])).status).toBe(0)
    expect(await runCommand(args)).toMatchObject({ status: 1, err: expect.stringContaining('--token-file') })
    expect(await runCommand(['status', '--token', token])).toMatchObject({ status: 2 })
    expect(await runCommand(['status', '--url', 'http://user:secret@host'])).toMatchObject({ status: 2 })
  })

  it('goes on watching while the gateway is away', async () => {
    const watched = follow('status', '--watch', '1', '--json')
    expect(JSON.parse(await watched.next())).toMatchObject({ url: gateway.url, status: { degraded: false } })
    await gateway.restart('SIGTERM', async () => {
      let line = await watched.next()
      while (!line.includes('No gateway answers')) line = await watched.next()
    })
    let line = await watched.next()
    while (!line.includes('"degraded"')) line = await watched.next()
    expect(await watched.end()).toBe(0)
  })
})

describe('tentaculo open-window and close-window', () => {
  it('opens for a while, shows it, and closes', async () => {
    expect(await run('open-window', 'switch', 'hermes', '--ttl', '600')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^Open until 20\S+Z: switch, hermes\n$/),
    })
    expect((await run('status')).out).toMatch(/^mode +windowed, window open, \d+ s left: .*switch/m)
    expect(await run('close-window')).toMatchObject({ status: 0, out: expect.stringMatching(/^Closed\. .*switch/) })
    const held = await run('open-window', 'switch', '--hold', '--json')
    expect(JSON.parse(held.out)).toMatchObject({ state: 'open', deadline: null })
    expect((await run('close-window', '--json')).status).toBe(0)
  })

  it('says what cannot be', async () => {
    expect(await run('open-window', 'nobody')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^422 service_not_allowed: Allowed are/),
    })
    for (const args of [[], ['switch', '--ttl', '0'], ['switch', '--ttl', '60', '--hold']])
      expect((await run('open-window', ...args)).status, args.join(' ')).toBe(2)
  })
})

describe('tentaculo events', () => {
  it('posts an event and tails it, across a restart, without what controls a terminal', async () => {
    const payload = '{"summary": "one \\u001b[2J two", "n": 12345678901234567890}'
    const posted = await run('events', 'post', 'note.taken', '--payload', payload, '--json')
    const { stream_id } = JSON.parse(posted.out)
    const tail = follow('events', 'tail', '--type', 'note.taken', '--since', String(stream_id - 1))
    const first = await tail.next()
    expect(first).toMatch(new RegExp(`^\\S+Z {2}${stream_id} {2}info {6}note\\.taken {2}tentaculo {2}one .*two$`))
    expect(first).not.toContain('\u001b')
    await gateway.restart('SIGTERM')
    expect(
      (await run('events', 'post', 'note.taken', '--source', 'night', '--payload', '{"summary":"later"}')).status,
    ).toBe(0)
    expect(await tail.next()).toContain('note.taken  night  later')
    expect(await tail.end()).toBe(0)
    const stored = await run('events', 'tail', '--since', String(stream_id - 1), '--count', '1', '--json')
    expect(stored.out).toContain('"type":"note.taken"')
    expect(await (await gateway.fetch('/operator/api/events?type=note.taken')).text()).toContain('12345678901234567890')
  })

  it('says what cannot be', async () => {
    expect((await run('events', 'post', 'note.taken', '--payload', '[1]')).status).toBe(2)
    expect((await run('events', 'tail', '--severity', 'loud')).status).toBe(2)
    const wrongToken = { VX11_TENTACULO_LINK_TOKEN: 'not-the-token' }
    expect((await runBeside(gateway, ['events', 'tail'], wrongToken)).status).toBe(1)
  })
})
