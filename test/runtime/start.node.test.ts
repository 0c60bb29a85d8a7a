/** What `tentaculo start` says: to people on a terminal, to programs elsewhere, at the first start and at later ones. */
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCommand } from '../support/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Said {
  out: string
  err: string
  /** Of what was started: the gateway takes the place of the command. */
  pid: number | undefined
}

/** Starts a gateway, asks it once where it says it is, and stops it. */
async function start(env: Record<string, string>, until: RegExp): Promise<Said & { url: string }> {
  const child = startCommand(['start'], { cwd: folder, env: { PORT: '0', ...env } })
  const said: Said = { out: '', err: '', pid: child.pid }
  child.stderr.on('data', (chunk) => (said.err += chunk))
  child.stdout.on('data', (chunk) => (said.out += chunk))
  await expect.poll(() => said.out).toMatch(until)
  const url = /(http:\/\/\S+)\/docs/.exec(said.out)?.[1] ?? ''
  const alive = await fetch(`${url}/livez`).then(({ status }) => status)
  const closed = once(child, 'close')
  process.kill(child.pid ?? 0, 'SIGTERM')
  const [status, signal] = await closed
  expect({ alive, status, signal }).toEqual({ alive: 200, status: 0, signal: null })
  return { ...said, url }
}

const token = { VX11_TENTACULO_LINK_TOKEN: 'a-token-that-is-configured' }
const [banner, json] = [/missing.*\n\n/s, /"started".*\n/]

describe('a start', () => {
  it('shows people where everything is, and a new token once', async () => {
    const pretty = { LOG_FORMAT: 'pretty' }
    const first = await start(pretty, banner)
    const made = (await readFile(join(folder, 'data/token'), 'utf8')).trim()
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
    expect(first.out).toMatch(/^ {2}Tentáculo Link \d+\.\d+\.\d+ \([0-9a-f]{12}(-dirty)?\)$/m)
    expect(first.out).toContain(`console    ${first.url}/operator/ui/\n`)
    expect(first.out).toContain('token      in data/token\n')
    expect(first.out).toContain('database   file:./data/vx11.db\n')
    expect(first.out).toContain('upstreams  madre embedded\n')
    expect(first.out).toMatch(/missing .*SWITCH_URL, .*: dormant until set$/m)
    expect(first.out).toContain('ALLOWED_ORIGINS=http://localhost:8011,http://localhost:8020\n')
    expect(first.out).not.toMatch(/^\{/m)
    expect(first.out).not.toContain('\u001b')
    expect(first.out).not.toContain(made)
    expect(first.err).toContain(`curl -H 'X-VX11-Token: ${made}' ${first.url}/vx11/overview`)
    const second = await start(pretty, banner)
    expect(second.out).toContain('token      in data/token\n')
    expect(second.out + second.err).not.toContain(made)
  })

  it('tells programs the same in lines of JSON, and no secret', async () => {
    const redis = { VX11_REDIS_URL: 'redis://:marker-password@127.0.0.1:9' }
    const { out, err, url } = await start(
      {
        ...token,
        ...redis,
        ALLOWED_ORIGINS: 'http://console.test',
        HOST: '::1',
        VX11_OPERATOR_CONTROL_ENABLED: 'false',
      },
      json,
    )
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; reason?: string })
    const reasonOf = (event: string) => lines.find((line) => line.event === event)?.reason
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect(reasonOf('listening')).toBe(url)
    for (const part of [
      `console ${url}/operator/ui/`,
      'token configured for link',
      'observer mode',
      '********@127.0.0.1:9',
    ])
      expect(reasonOf('started')).toContain(part)
    expect(reasonOf('started')).not.toContain('8011')
    expect(out + err).not.toMatch(/marker|a-token-that/)
  })

  it('says that every address is bound, and where this machine reaches it', async () => {
    const { out, url } = await start({ ...token, HOST: '0.0.0.0' }, json)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect(out).toMatch(/address http:\/\/0\.0\.0\.0:\d+ \(every address of this machine\)/)
  })
})
