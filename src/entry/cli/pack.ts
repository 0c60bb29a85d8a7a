/**
 * `npm run pack`: the gateway as a package that installs and runs anywhere, tentaculo-link-<version>.tgz; the image is
 * installed from it, too. What the bundle holds already is no dependency, which leaves the database's native part.
 * `--built` takes dist/ as it is, because tests that run beside it use it.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockOfPackage } from './package-lock.ts'
import { serverBundle } from './server-bundle.ts'

const files = ['bin', 'dist', 'migrations', 'README.md', 'CHANGELOG.md', 'LICENSE'] as const
const billOfMaterials = 'sbom.cdx.json'
const lock = 'npm-shrinkwrap.json'
const isBuilt = process.argv.includes('--built')
const target = process.argv.slice(2).find((each) => !each.startsWith('--')) ?? '.'
const folder = mkdtempSync(join(tmpdir(), 'tentaculo-pack-'))

interface Manifest {
  dependencies: Record<string, string>
  [member: string]: unknown
}

try {
  if (!isBuilt) execFileSync(process.execPath, ['src/entry/cli/build.ts'], { stdio: 'inherit' })
  // Tests leave a Worker in dist/, which is no part of the package.
  const filter = (path: string) => path !== join('dist', 'worker')
  for (const file of files) cpSync(file, join(folder, file), { recursive: true, filter })
  writeFileSync(join(folder, billOfMaterials), componentsAsCycloneDx())
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageManifest(), null, 2)}\n`)
  writeFileSync(join(folder, lock), lockOfPackage(folder))
  mkdirSync(target, { recursive: true })
  const packed = execFileSync('npm', ['pack', folder, '--pack-destination', target, '--json'], { encoding: 'utf8' })
  const [{ filename, size }] = JSON.parse(packed) as [{ filename: string; size: number }]
  process.stdout.write(`${join(target, filename)}, ${(size / 2 ** 20).toFixed(1)} MiB\n`)
} finally {
  rmSync(folder, { recursive: true })
}

/** Of everything the bundle is made of, too; npm names the component by its folder. */
function componentsAsCycloneDx(): string {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev']
  const bill = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }))
  bill.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name
  return `${JSON.stringify(bill)}\n`
}

/** The pinned versions of what the bundle leaves outside; nothing that only a checkout needs. */
function packageManifest() {
  const { name, version, description, license, type, engines, bin, dependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Manifest
  const outside = serverBundle.external.map((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`))
  const kept = Object.entries(dependencies).filter(([each]) => outside.some((pattern) => pattern.test(each)))
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin,
    files: [...files, billOfMaterials, lock],
    dependencies: Object.fromEntries(kept),
  }
}
