/**
 * `npm run smoke`: packs the gateway, installs the tarball into an empty folder, and uses it from there as a stranger
 * would, through its command alone. Ends with 1 and the reason at the first thing that is not so.
 */
import { deepStrictEqual, match, ok } from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Installed, installTarball } from './artefacts/tarball.ts'

const maxMiB = 24
const say = (line: string) => process.stdout.write(`${line}\n`)
const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const installed = installTarball({ isBuilt: false })
try {
  weigh(installed)
  await useIt(installed.place)
  say('The package works.')
} finally {
  rmSync(installed.folder, { recursive: true, force: true })
}

function weigh({ tarball, place }: Installed): void {
  const [packed, unpacked] = [statSync(tarball).size, bytesIn(join(place, 'node_modules'))].map(
    (size) => size / 2 ** 20,
  )
  say(`${packed?.toFixed(1)} MiB packed, ${unpacked?.toFixed(1)} MiB installed`)
  ok((packed ?? 0) < maxMiB, `the tarball is larger than ${maxMiB} MiB`)
  checkBill(join(place, 'node_modules/tentaculo-link/sbom.cdx.json'))
}

/** What is in the bundle stands in it, and what only a checkout needs does not. */
function checkBill(path: string): void {
  const { bomFormat, components } = JSON.parse(readFileSync(path, 'utf8'))
  const names: string[] = components.map(({ name }: { name: string }) => name)
  deepStrictEqual(
    [bomFormat, ...['hono', 'libsql', 'undici', 'vitest'].map((name) => names.includes(name))],
    ['CycloneDX', true, true, true, false],
  )
}

function bytesIn(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

async function useIt(place: string): Promise<void> {
  const gateway = spawn('npx', ['--no-install', 'tentaculo', 'start'], {
    ...{ cwd: place, detached: true },
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(gateway, 'close')
  try {
    const url = await listensAt(gateway.stdout)
    askIt(place, url)
    await askOverHttp(url)
  } finally {
    process.kill(-(gateway.pid ?? 0), 'SIGTERM')
    await closed
  }
}

async function listensAt(output: AsyncIterable<Buffer>): Promise<string> {
  let said = ''
  for await (const chunk of output) {
    said += chunk
    const url = /"listening","reason":"([^"]+)"/.exec(said)?.[1]
    if (url) return url
  }
  throw new Error(`it ended before it listened:\n${said}`)
}

function askIt(place: string, url: string): void {
  const tentaculo = (...args: string[]) => run('npx', ['--no-install', 'tentaculo', ...args], place)
  match(tentaculo('--version'), /^tentaculo \d+\.\d+\.\d+/)
  match(tentaculo('config', 'check'), /The configuration is valid/)
  match(tentaculo('status', '--url', url), /^madre +UP/m)
  match(tentaculo('open-window', 'switch', '--ttl', '60', '--url', url), /^Open until/)
  match(tentaculo('close-window', '--url', url), /^Closed/)
  const { stream_id } = JSON.parse(
    tentaculo('events', 'post', 'smoke.tried', '--payload', '{"summary":"from the package"}', '--url', url, '--json'),
  )
  const tail = [
    'events',
    'tail',
    '--since',
    String(stream_id - 1),
    '--type',
    'smoke.tried',
    '--count',
    '1',
    '--url',
    url,
  ]
  match(tentaculo(...tail), /from the package/)
  match(tentaculo('keys', 'create', 'smoke', '--scope', 'operator', '--url', url), /^tlk_/)
  match(tentaculo('db', 'backup'), /SHA-256 [0-9a-f]{64}/)
  match(tentaculo('db', 'verify-ledger'), /^intact/)
  match(tentaculo('completion', 'bash'), /complete -o default/)
  const bench = spawnSync('npx', ['--no-install', 'tentaculo', 'bench'], { cwd: place, encoding: 'utf8' })
  deepStrictEqual([bench.status, bench.stderr.includes('programs of a checkout')], [1, true])
}

async function askOverHttp(url: string): Promise<void> {
  const status = async (path: string) => (await fetch(url + path)).status
  deepStrictEqual(await Promise.all(['/livez', '/readyz', '/operator/ui/', '/docs', '/openapi.json'].map(status)), [
    ...[200, 200, 200, 200, 200],
  ])
}
