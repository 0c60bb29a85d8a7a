/** What a release changes in the files, as texts; throws a sentence for what cannot be released. */
import { readFileSync } from 'node:fs'

const plainVersion = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/

export function isLater(version: string, current: string): boolean {
  const [wanted, last] = [partsOf(version), partsOf(current)]
  const at = wanted.findIndex((part, index) => part !== last[index])
  return at >= 0 && (wanted[at] ?? 0) > (last[at] ?? 0)
}

function partsOf(version: string): number[] {
  const match = plainVersion.exec(version)
  if (!match) throw new Error(`${version} is no version such as 0.3.0.`)
  return match.slice(1).map(Number)
}

/** The one section that is not released yet gets its version and date; `section` is what it says. */
export function closeChangelog(changelog: string, version: string, today: Date): { text: string; section: string } {
  const open = [...changelog.matchAll(/^## \[[^\]]+\] - unreleased\n/gm)]
  const [heading] = open
  if (!heading || open.length > 1) throw new Error(`CHANGELOG.md has ${open.length} unreleased sections, not one.`)
  const rest = changelog.slice(heading.index + heading[0].length)
  const next = rest.search(/^## /m)
  const section = (next < 0 ? rest : rest.slice(0, next)).trim()
  if (section === '') throw new Error('The unreleased section of CHANGELOG.md is empty.')
  const dated = `## [${version}] - ${today.toISOString().slice(0, 10)}\n`
  return { text: changelog.slice(0, heading.index) + dated + rest, section }
}

/** `"version": "…"`, `version: '…'` or `version = "…"`, the first one. */
export function withVersion(file: string, version: string): string {
  const text = readFileSync(file, 'utf8')
  const written = text.replace(/(["']?version["']?\s*[:=]\s*["'])\d+\.\d+\.\d+(["'])/, `$1${version}$2`)
  if (!written.includes(version)) throw new Error(`${file} holds no version.`)
  return written
}

interface Lock {
  version: string
  packages: { '': { version: string } }
}

/** As npm writes it. */
export function lockWithVersion(text: string, version: string): string {
  const lock = JSON.parse(text) as Lock
  lock.version = version
  lock.packages[''].version = version
  return `${JSON.stringify(lock, null, 2)}\n`
}
