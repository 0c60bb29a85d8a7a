/**
 * What is published, rather than the checkout: the tarball after `npm install`, and the image after its Dockerfile's
 * steps. All suites of processes run against either with VX11_TEST_GATEWAY (CONTRIBUTING.md); this is their short form.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownedBy } from '../support/artefacts/artefact.ts'
import { buildImage, composed, type Image, imageProgram, memoryGroup } from '../support/artefacts/image.ts'
import { whyNoScratchRoot } from '../support/artefacts/scratch-root.ts'
import { type Installed, installTarball } from '../support/artefacts/tarball.ts'
import { startUpstream, type Upstream, walk, walksKept } from '../support/artefacts/walk.ts'
import { type Gateway, onFreePort, startProgram } from '../support/gateways.ts'

const inCI = Boolean(process.env.CI)
/** Production takes none that is shorter. */
const token = 'runtime-test-token-of-production'
const withToken = (gateway: Gateway): Gateway => ({
  ...gateway,
  fetch: (path, init = {}) => gateway.fetch(path, { ...init, headers: { 'x-vx11-token': token, ...init.headers } }),
})
const production = {
  NODE_ENV: 'production',
  VX11_TENTACULO_LINK_TOKEN: token,
  LOG_LEVEL: 'warn',
  VX11_DRAIN_DELAY_S: '0',
}
const timeout = 300_000

function mebibytesIn(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = entries.map((entry) => lstatSync(join(entry.parentPath, entry.name)).size)
  return bytes.reduce((sum, size) => sum + size, 0) / 2 ** 20
}

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream?.close())

async function keepsItsEvents(gateway: Gateway): Promise<void> {
  await gateway.restart('SIGTERM')
  expect(await walksKept(withToken(gateway))).toBe(1)
}

describe('the tarball', () => {
  let installed: Installed
  let gateway: Gateway | undefined
  beforeAll(() => {
    installed = installTarball({ isBuilt: true })
  }, timeout)
  afterAll(async () => {
    await gateway?.stop()
    rmSync(installed.folder, { recursive: true, force: true })
  })

  it('depends on the native part of the database alone', () => {
    const manifest = JSON.parse(readFileSync(join(installed.place, 'node_modules/tentaculo-link/package.json'), 'utf8'))
    expect(Object.keys(manifest.dependencies)).toEqual(['libsql'])
  })

  it('serves from its own command, and keeps what it was told', async () => {
    const program = () => [installed.command, ['start']] as [string, string[]]
    gateway = await onFreePort(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'gateway-packed-'))
      return startProgram(folder, program, { ...production, SHUB_URL: upstream.url })
    })
    await walk(withToken(gateway), upstream)
    await keepsItsEvents(gateway)
  })
})

const missing = whyNoScratchRoot()

describe.skipIf(missing !== null && !inCI)(`the image${missing === null ? '' : ` (${missing})`}`, () => {
  let image: Image
  let gateway: Gateway | undefined
  let folder: string
  const limit = composed().mem_limit
  const group = memoryGroup(`tentaculo-image-${process.pid}`, limit)
  /** Without a memory controller the heap at least is held to what a container would leave it. */
  const memory: Record<string, string> = group
    ? {}
    : { NODE_OPTIONS: `--max-old-space-size=${Number.parseInt(limit, 10)}` }
  const inImage = (command: string[], env: Record<string, string> = {}) => {
    const [program, args] = imageProgram(image, join(folder, 'data'), { command, env })
    return spawnSync(program, args, { encoding: 'utf8' })
  }
  const statusOf = (name: string) =>
    new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${gateway?.process.pid}/status`, 'utf8'))?.[1]

  beforeAll(async () => {
    image = buildImage('0123456789ab')
    const program = ({
      PATH: _path,
      HOME: _home,
      NODE_COMPILE_CACHE: _cache,
      ...env
    }: Readonly<Record<string, string>>) =>
      imageProgram(image, join(folder, 'data'), { env: { ...env, ...memory }, cgroup: group?.path ?? null })
    gateway = await onFreePort(() => {
      folder = mkdtempSync(join(tmpdir(), 'gateway-image-data-'))
      ownedBy(image.user, join(folder, 'data'))
      return startProgram(folder, program, { ...production, SHUB_URL: upstream.url })
    })
  }, timeout)
  afterAll(async () => {
    await gateway?.stop()
    group?.remove()
    if (image) rmSync(dirname(image.root), { recursive: true, force: true })
  })

  it('holds the package and no more: less than 24 MiB, without sources, compilers and servers', () => {
    const app = join(image.root, image.workdir)
    expect(mebibytesIn(app)).toBeLessThan(24)
    const packages = readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(packages.toSorted()).toEqual(['@libsql', '@neon-rs', 'detect-libc', 'libsql'])
    expect(['src', 'console', 'test'].filter((name) => existsSync(join(app, name)))).toEqual([])
  })

  it('serves as a user without rights, within its memory, and names its commit', async () => {
    const started = gateway as Gateway
    await walk(withToken(started), upstream)
    expect(['Uid', 'Gid', 'CapEff', 'CapBnd', 'NoNewPrivs'].map(statusOf)).toEqual([
      ...['1000', '1000', '0000000000000000', '0000000000000000', '1'],
    ])
    expect(await (await fetch(`${started.url}/livez`)).json()).toMatchObject({ commit: '0123456789ab' })
    if (group) expect(readFileSync(join(group.path, 'cgroup.procs'), 'utf8')).toContain(`${started.process.pid}\n`)
    await keepsItsEvents(started)
  })

  it('passes its own health check, and has its commands inside', () => {
    const port = new URL(gateway?.url ?? '').port
    const check = inImage(image.healthCheck.map((part) => part.replace(`:${image.env.PORT}`, `:${port}`)))
    expect({ status: check.status, said: check.stderr }).toMatchObject({ status: 0 })
    const env = { PORT: port, HOST: '127.0.0.1', VX11_TENTACULO_LINK_TOKEN: token }
    expect(inImage(['tentaculo', 'status'], env).stdout).toMatch(/^madre +UP/m)
    expect(inImage(['tentaculo', 'db', 'backup'], env).stdout).toMatch(/SHA-256 [0-9a-f]{64}/)
  })

  it('can write nowhere but in its volume', () => {
    const places = ['/', '/app', '/app/dist', '/etc', '/home/node', '/tmp', '/usr/local', image.volume]
    const tries = places.map((place) => `touch ${place}/written 2>/dev/null && echo ${place}`)
    expect(inImage(['sh', '-c', `${tries.join('; ')}; rm ${image.volume}/written`]).stdout.trim()).toBe(image.volume)
    const mounts = readFileSync(`/proc/${gateway?.process.pid}/mountinfo`, 'utf8')
    expect(mounts).toMatch(/ \/ ro,/)
  })
})
