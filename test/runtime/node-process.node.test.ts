/** The Node server as a process: how it starts, what it costs at rest, and how it ends. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startOptions } from '../../src/entry/cli/command/start-options.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, ownMiB, startNodeGateway, token } from '../support/gateways.ts'
import { startRedis } from '../support/redis.ts'
import { startShub } from '../support/simulators/shub.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

async function withGateway(env: Record<string, string>, use: (gateway: Gateway) => Promise<void>) {
  const gateway = await startNodeGateway(env)
  try {
    await use(gateway)
  } finally {
    await gateway.stop()
  }
}

const logEvents = (gateway: Gateway) =>
  gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { event: string; reason?: string })

describe('starting', () => {
  it('names every wrong variable at once, shows no value, and exits with 1', () => {
    const { status, stderr, stdout } = spawnSync(join(root, 'node_modules/.bin/node'), [join(root, 'dist/node.js')], {
      env: {
        PORT: 'marker-1',
        SHUB_URL: 'ftp://marker-2',
        VX11_TOKENS: '[{"name":"marker-3"}]',
        VX11_CACHE_ENABLED: 'marker-4',
      },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    for (const name of ['PORT', 'SHUB_URL', 'VX11_TOKENS', 'VX11_CACHE_ENABLED']) expect(stderr).toContain(name)
    expect(stderr + stdout).not.toContain('marker')
  })

  it('refuses to start in production without a token of its own', () => {
    const run = (env: Record<string, string>) =>
      spawnSync(join(root, 'node_modules/.bin/node'), [join(root, 'dist/node.js')], {
        env: { NODE_ENV: 'production', ...env },
        encoding: 'utf8',
      })
    for (const env of [
      {},
      { VX11_TENTACULO_LINK_TOKEN: 'vx11-local-token' },
      { VX11_GATEWAY_TOKEN: 'vx11-token-production' },
    ]) {
      const { status, stderr } = run(env as Record<string, string>)
      expect(status).toBe(1)
      expect(stderr).toContain('TOKEN')
      expect(stderr).not.toContain('vx11-local-token')
    }
  })

  it('makes a token on the first run, shows it once, keeps it for the next', async () => {
    await withGateway({ VX11_TENTACULO_LINK_TOKEN: '' }, async (gateway) => {
      const file = join(gateway.folder, 'data/token')
      const made = (await readFile(file, 'utf8')).trim()
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(gateway.output()).toContain(`curl -H 'X-VX11-Token: ${made}'`)
      const answer = await fetch(`${gateway.url}/vx11/overview`, { headers: { 'x-vx11-token': made } })
      expect(answer.status).toBe(200)
      expect(JSON.stringify(logEvents(gateway))).not.toContain(made)
    })
  })

  it('warns of a misspelt variable', async () => {
    await withGateway({ VX11_RATE_LIMIT_DEFUALT: '5' }, async (gateway) => {
      expect(logEvents(gateway)).toContainEqual(
        expect.objectContaining({
          event: 'unknown_variable',
          reason: expect.stringContaining('VX11_RATE_LIMIT_DEFUALT'),
        }),
      )
    })
  })

  it('has less than 75 MiB of its own at rest, beside the pages of the programs', async () => {
    // What Node compiled for the tests would stay in memory as well.
    await withGateway({ NODE_DISABLE_COMPILE_CACHE: '1' }, async (gateway) => {
      for (const path of ['/health', '/readyz', '/vx11/status', '/openapi.json']) await fetch(gateway.url + path)
      const own = () => ownMiB(gateway.process.pid ?? 0)
      // What its start took is given back when it has been quiet for two seconds.
      await expect.poll(own, { interval: 500 }).toBeLessThan(75)
    })
  })
})

describe('ending', () => {
  it('finishes what is under way, accepts no more, and exits with 0', async () => {
    const shub = await startShub({ token })
    const gateway = await startNodeGateway({ SHUB_URL: shub.url })
    const agent = new Agent({ keepAlive: true })
    try {
      shub.misbehave({ kind: 'slow', ms: 600 })
      const underWay = new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
        get(`${gateway.url}/shub/status`, { agent, headers: { 'x-vx11-token': token } }, (response) => {
          response.resume()
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
          )
        }).on('error', reject)
      })
      await shub.nextRequest()
      const exit = once(gateway.process, 'exit')
      gateway.process.kill('SIGTERM')
      await expect.poll(() => logEvents(gateway).map(({ event }) => event)).toContain('draining')
      const asked = () =>
        fetch(`${gateway.url}/health`).then(
          () => 'answered',
          () => 'refused',
        )
      await expect.poll(asked).toBe('refused')
      expect(await underWay).toEqual({ status: 200, connection: 'close' })
      expect((await exit)[0]).toBe(0)
      expect(logEvents(gateway).at(-1)?.event).toBe('stopped')
    } finally {
      agent.destroy()
      await Promise.all([gateway.stop(), shub.close()])
    }
  })

  it.each([
    ['is a full disk', () => ({ stdout: openSync('/dev/full', 'w') })],
    ['is a pipe whose reader is gone', () => ({ stdout: 'pipe' as const })],
  ])('works and ends when its standard output %s', async (_, make) => {
    const { stdout } = make()
    const folder = await mkdtemp(join(tmpdir(), 'stdout-'))
    const port = await freePort()
    const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), VX11_TENTACULO_LINK_TOKEN: token }
    const child = spawn(process.execPath, [...startOptions, join(root, 'dist/node.js')], {
      ...{ cwd: folder, env, stdio: ['ignore', stdout, 'ignore'] },
    })
    child.stdout?.destroy()
    const url = `http://127.0.0.1:${port}`
    try {
      await expect
        .poll(() =>
          fetch(`${url}/readyz`).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200)
      const metrics = await (await fetch(`${url}/metrics`, { headers: { 'x-vx11-token': token } })).text()
      expect(Number(/^vx11_log_lines_dropped_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0)
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      expect((await exit)[0]).toBe(0)
    } finally {
      child.kill('SIGKILL')
      if (typeof stdout === 'number') closeSync(stdout)
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('is not ready at once, and takes new connections until the delay is over', async () => {
    const gateway = await startNodeGateway({ VX11_DRAIN_DELAY_S: '600', VX11_DRAIN_TIMEOUT_S: '900' })
    try {
      const exit = once(gateway.process, 'exit')
      gateway.process.kill('SIGTERM')
      const readiness = async () => ((await (await gateway.fetch('/readyz')).json()) as { status: string }).status
      await expect.poll(readiness).toBe('draining')
      const apart = await fetch(`${gateway.url}/health`, { headers: { connection: 'close' } })
      expect(apart.status).toBe(200)
      expect((await gateway.fetch('/operator/api/status')).status).toBe(200)
      gateway.process.kill('SIGTERM')
      expect((await exit)[0]).toBe(1)
    } finally {
      await gateway.stop()
    }
  })

  it('knows no delay for Ctrl-C', async () => {
    const gateway = await startNodeGateway({ VX11_DRAIN_DELAY_S: '600', VX11_DRAIN_TIMEOUT_S: '900' })
    try {
      const exit = once(gateway.process, 'exit')
      gateway.process.kill('SIGINT')
      expect((await exit)[0]).toBe(0)
    } finally {
      await gateway.stop()
    }
  })

  it('ends at once when it is told twice', async () => {
    const shub = await startShub({ token })
    const gateway = await startNodeGateway({ SHUB_URL: shub.url })
    try {
      shub.misbehave({ kind: 'stall' })
      const broken = gateway.fetch('/shub/status').catch(() => 'broken off')
      await shub.nextRequest()
      const exit = once(gateway.process, 'exit')
      gateway.process.kill('SIGTERM')
      await expect.poll(() => logEvents(gateway).map(({ event }) => event)).toContain('draining')
      gateway.process.kill('SIGTERM')
      expect((await exit)[0]).toBe(1)
      expect(await broken).toBe('broken off')
    } finally {
      await Promise.all([gateway.stop(), shub.close()])
    }
  })
})

describe('with Redis', () => {
  it('shares the cache and the allowance between two instances, and is degraded without it', async ({ skip }) => {
    const redis = await startRedis()
    if (!redis) return skip()
    const shub = await startShub({ token })
    const env = { SHUB_URL: shub.url, VX11_REDIS_URL: redis.url }
    const [one, two] = await Promise.all([startNodeGateway(env), startNodeGateway(env)])
    try {
      expect((await fetch(`${one.url}/shub/health`)).headers.get('x-cache')).toBe('MISS')
      expect((await fetch(`${two.url}/shub/health`)).headers.get('x-cache')).toBe('HIT')
      const answers = await Promise.all(
        Array.from({ length: 150 }, (_, i) => (i % 2 ? one : two).fetch('/shub/status')),
      )
      const passed = answers.filter(({ status }) => status === 200).length
      expect(passed).toBeGreaterThanOrEqual(100)
      expect(passed).toBeLessThanOrEqual(102)

      expect(await (await fetch(`${one.url}/readyz`)).json()).toMatchObject({ checks: { redis: { ok: true } } })
      await redis.kill()
      const without = await fetch(`${one.url}/readyz`)
      expect(without.status).toBe(200)
      expect(await without.json()).toMatchObject({ status: 'degraded' })
      expect((await fetch(`${one.url}/shub/health`)).status).toBe(200)
      await redis.start()
      const readiness = async () => ((await (await fetch(`${one.url}/readyz`)).json()) as { status: string }).status
      await expect.poll(readiness).toBe('ready')
    } finally {
      await Promise.all([one.stop(), two.stop(), shub.close(), redis.stop()])
    }
  })
})
