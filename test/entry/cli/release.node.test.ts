/** A release in a repository of its own: version, changelog and tag change together, or not at all. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ReleasedRoutes } from '../../../src/features/truth/drift/areas/promises.ts'
import { build } from '../../../src/lib/build.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const versionFiles = [
  'package.json',
  'src/lib/build.ts',
  'clients/typescript/package.json',
  'clients/python/pyproject.toml',
]
const changelog =
  '# Changelog\n\n## [0.2.0] - unreleased\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n'

const routesFile = 'src/features/truth/drift/released-routes.json'

let folder: string
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'))
  for (const file of [...versionFiles, routesFile]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const lock = { name: 'tentaculo-link', version, lockfileVersion: 3, packages: { '': { version } } }
  writeFileSync(join(folder, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog)
  git('init', '--quiet')
  for (const [name, value] of [
    ['user.name', 'Release'],
    ['user.email', 'release@example.org'],
  ] as const)
    git('config', name, value)
  git('add', '.')
  git('commit', '--quiet', '--message', 'first')
})
afterEach(() => rmSync(folder, { recursive: true }))

const release = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'src/entry/cli/release/run.ts'), ...args], { cwd: folder, encoding: 'utf8' })

it('writes the version everywhere, dates the changelog, and tags with its section', () => {
  expect(release('0.3.0')).toMatchObject({ status: 0, stdout: expect.stringContaining('Tagged v0.3.0') })
  for (const file of versionFiles) expect(read(file), file).toMatch(/version["']?\s*[:=] ?["']0\.3\.0["']/)
  expect(JSON.parse(read('package-lock.json'))).toMatchObject({
    version: '0.3.0',
    packages: { '': { version: '0.3.0' } },
  })
  const today = new Date().toISOString().slice(0, 10)
  expect(read('CHANGELOG.md')).toBe(changelog.replace('[0.2.0] - unreleased', `[0.3.0] - ${today}`))
  expect(git('for-each-ref', 'refs/tags/v0.3.0', '--format=%(contents)')).toBe(
    'Tentáculo Link 0.3.0\n\n### Added\n\n- A thing.',
  )
  expect(git('status', '--porcelain')).toBe('')
  const { version, operations } = JSON.parse(read(routesFile)) as ReleasedRoutes
  expect(version).toBe('0.3.0')
  expect(operations['GET /operator/api/gates']).toMatch(/^getGates \(.*query:fresh.*\) 200$/)
  expect(operations['POST /operator/api/drift']).toBeDefined()
})

it('refuses what cannot be released, and changes nothing', () => {
  const refused = (...args: string[]) => {
    const { status, stderr } = release(...args)
    expect(status).toBe(1)
    expect(git('tag', '--list')).toBe('')
    return stderr
  }
  expect(refused()).toContain('npm run release')
  expect(refused('0.1.9')).toContain('not later')
  expect(refused('1.0')).toContain('no version')
  expect(refused('0.3.0', 'now')).toContain('npm run release')
  writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n')
  expect(refused('0.3.0')).toContain('not committed')
  git('commit', '--all', '--quiet', '--message', 'second')
  expect(refused('0.3.0')).toContain('0 unreleased sections')
  expect(git('status', '--porcelain')).toBe('')
})

it('finds one version in the whole project', () => {
  const versions = versionFiles.map(
    (file) => /version["']?\s*[:=] ?["'](\d+\.\d+\.\d+)["']/.exec(readFileSync(join(root, file), 'utf8'))?.[1],
  )
  expect(new Set(versions)).toEqual(new Set([build.version]))
})
