/**
 * Lets the suites of processes run against what is published: `VX11_TEST_GATEWAY=tarball|image npm run test:processes`.
 * The global setup makes the artefact once; every gateway on Node is then started from it.
 */
import { chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildImage, type Image, imageProgram } from './image.ts'
import type { ScratchRun } from './scratch-root.ts'
import { installTarball } from './tarball.ts'

type Environment = Readonly<Record<string, string>>
/** A program and its arguments. `env` is all that the gateway gets. */
export type Program = (env: Environment) => [program: string, args: string[]]

const kinds = ['tarball', 'image'] as const
type Kind = (typeof kinds)[number]

const made = 'VX11_TEST_ARTEFACT'

function wantedKind(): Kind | null {
  const text = process.env.VX11_TEST_GATEWAY
  if (text === undefined || text === '') return null
  const kind = kinds.find((each) => each === text)
  if (!kind) throw new Error(`VX11_TEST_GATEWAY must be one of ${kinds.join(', ')}`)
  return kind
}

/** Gives what removes it again. */
export function makeArtefact(): () => void {
  const kind = wantedKind()
  if (kind === null) return () => {}
  const { folder, artefact } = kind === 'tarball' ? packed() : built()
  process.env[made] = JSON.stringify(artefact)
  return () => rmSync(folder, { recursive: true, force: true })
}

function packed() {
  const { folder, command } = installTarball({ isBuilt: true })
  return { folder, artefact: { command } }
}

function built() {
  const image = buildImage('0123456789ab')
  return { folder: dirname(image.root), artefact: { image } }
}

const artefact = (): { command?: string; image?: Image } => JSON.parse(process.env[made] ?? '{}')

/** The package's `tentaculo`, where the package is tested. */
export const artefactCommand = (): string | undefined => artefact().command

/** How a gateway of the artefact starts on the data of `folder`; undefined where the checkout's own bundle is tested. */
export function artefactProgram(folder: string): Program | undefined {
  const { command, image } = artefact()
  if (command) return () => [command, ['start']]
  return image && ((env) => suiteProgram(image, join(folder, 'data'), env))
}

/** The suites know development's rules, and hand files over in the folder of temporary ones. */
function suiteProgram(image: Image, data: string, env: Environment): [program: string, args: string[]] {
  const { PATH: _path, HOME: _home, NODE_COMPILE_CACHE: _cache, ...own } = env
  ownedBy(image.user, data)
  const volumes = [own.VX11_DATABASE_URL?.replace(/^file:(?=\/)(.*)\/.*$/, '$1'), own.VX11_DATA_DIR]
  const mounts = { tmp: { from: tmpdir(), writable: false }, ...volumesOf(image, volumes) }
  return imageProgram(image, data, { env: { VX11_ENV: 'development', ...own }, mounts })
}

/** What the environment places elsewhere than in `/data` lies on a volume of its own. */
function volumesOf(image: Image, folders: readonly (string | undefined)[]): NonNullable<ScratchRun['mounts']> {
  const wanted = folders.filter((folder): folder is string => folder?.startsWith('/') === true)
  for (const folder of wanted) ownedBy(image.user, folder)
  return Object.fromEntries(wanted.map((from) => [from.slice(1), { from, writable: true }]))
}

/** A test's files are the gateway's to read and change, also where an image runs as a user of its own. */
export function handOver(folder: string): void {
  const { image } = artefact()
  if (image) ownedBy(image.user, folder)
}

/** Where the gateway of `folder` sees its data. */
export const dataSeen = (folder: string): string => artefact().image?.volume ?? join(folder, 'data')

export function ownedBy(user: number, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    if (statSync(join(folder, path)).uid !== user) chownSync(join(folder, path), user, user)
}
