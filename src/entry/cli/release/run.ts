/**
 * `npm run release -- 0.3.0`: closes the unreleased section of the changelog, writes the version wherever it stands,
 * keeps the routes that the version promises, commits, and tags `v0.3.0` with that section. Nothing is pushed.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { closeChangelog, isLater, lockWithVersion, withVersion } from './release-texts.ts'
import { releasedRoutesFile, releasedRoutesText } from './released-routes.ts'

/** Each holds the version once, in one of the forms that `withVersion` knows. */
const versionFiles = [
  'package.json',
  'src/lib/build.ts',
  'clients/typescript/package.json',
  'clients/python/pyproject.toml',
]

const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()

function release(version: string): void {
  const current = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version
  if (version !== current && !isLater(version, current)) throw new Error(`${version} is not later than ${current}.`)
  if (git('status', '--porcelain') !== '') throw new Error('There are changes that are not committed.')
  if (git('tag', '--list', `v${version}`) !== '') throw new Error(`There is a tag v${version} already.`)
  const { text, section } = closeChangelog(readFileSync('CHANGELOG.md', 'utf8'), version, new Date())
  // All texts are made before the first is written, so that a refusal changes nothing.
  const files = [
    ['CHANGELOG.md', text],
    ['package-lock.json', lockWithVersion(readFileSync('package-lock.json', 'utf8'), version)],
    [releasedRoutesFile, releasedRoutesText(version)],
    ...versionFiles.map((file) => [file, withVersion(file, version)] as const),
  ] as const
  for (const [file, content] of files) writeFileSync(file, content)
  git('commit', '--all', '--quiet', '--allow-empty', '--message', `release: ${version}`)
  // `whitespace`: a line that begins with # is a heading of the changelog, not a comment.
  git(
    'tag',
    '--annotate',
    '--cleanup=whitespace',
    `v${version}`,
    '--message',
    `Tentáculo Link ${version}\n\n${section}`,
  )
  process.stdout.write(`Tagged v${version}. Publish it: git push --follow-tags\n`)
}

const [version, ...rest] = process.argv.slice(2)
try {
  if (!version || rest.length > 0) throw new Error('npm run release -- <version>, such as 0.3.0')
  release(version)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
