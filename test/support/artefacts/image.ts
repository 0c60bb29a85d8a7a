/** Executes the Dockerfile's steps in scratch roots, because tests have no container engine. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { dockerfileStages, environmentOf, execForm, ignoredBy, lastOf, type Stage } from './dockerfile.ts'
import { makeScratchRoot, npmEnvironment, npmMounts, type ScratchRun, scratchProgram } from './scratch-root.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const read = (name: string) => readFileSync(join(project, name), 'utf8')

export interface Image {
  root: string
  env: Record<string, string>
  workdir: string
  /** A number, where the Dockerfile has a name. */
  user: number
  command: string[]
  healthCheck: string[]
  /** The folder that may be written. */
  volume: string
}

/** What stands in for a step that needs the base image itself. Everything else is executed as it is written. */
const replaced: readonly { step: RegExp; by: string; mounts?: ScratchRun['mounts'] }[] = [
  { step: /^apt-get update && apt-get install .* curl && rm /, by: 'command -v curl' },
  // Of the same lock, and a gigabyte.
  { step: /^npm ci$/, by: 'true' },
]

/** Writable, because Vite leaves its configuration there for a moment. */
const wholeTree = { 'app/node_modules': { from: join(project, 'node_modules'), writable: true } }

/** In a folder that the caller removes. */
export function buildImage(commit: string): Image {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-image-'))
  const stages = dockerfileStages(read('Dockerfile'))
  const roots = new Map(stages.map(({ name }) => [name, join(folder, name ?? 'image')]))
  for (const stage of stages) buildStage(stage, roots, commit)
  rmSync(roots.get('build') ?? '', { recursive: true })
  return imageOf(stages.at(-1) as Stage, roots.get(null) ?? '')
}

function buildStage(stage: Stage, roots: ReadonlyMap<string | null, string>, commit: string): void {
  const root = roots.get(stage.name) ?? ''
  makeScratchRoot(root)
  let workdir = '/'
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') {
      workdir = text
      mkdirSync(join(root, workdir), { recursive: true })
    } else if (name === 'COPY') copy(text, root, workdir, roots)
    else if (name === 'RUN') execute(text, { root, workdir, env: { SOURCE_COMMIT: commit } }, stage.name !== null)
  }
}

function copy(text: string, root: string, workdir: string, roots: ReadonlyMap<string | null, string>): void {
  const from = /^--from=(\w+) /.exec(text)
  const paths = text.slice(from?.[0].length ?? 0).split(' ')
  const target = join(root, posix.resolve(workdir, paths.pop() ?? ''))
  const source = from ? (roots.get(from[1] ?? '') ?? '') : project
  const isIgnored = from ? () => false : ignoredBy(read('.dockerignore'))
  for (const path of paths) {
    const whole = join(source, path)
    const to = statSync(whole).isDirectory() ? target : join(target, basename(path))
    if (isIgnored(path)) throw new Error(`COPY ${path}: .dockerignore keeps it out`)
    cpSync(whole, to, { recursive: true, verbatimSymlinks: true, filter: (each) => !isIgnored(relative(source, each)) })
  }
}

function execute(step: string, at: Pick<ScratchRun, 'root' | 'workdir' | 'env'>, hasTree: boolean): void {
  const by = replaced.find((each) => each.step.test(step))?.by ?? step
  const mounts = { ...npmMounts(), ...(hasTree && wholeTree) }
  for (const [place, { from }] of Object.entries(mounts)) makePlace(join(at.root, place), statSync(from).isDirectory())
  const env = { ...npmEnvironment(), ...at.env }
  const [program, args] = scratchProgram({ ...at, command: ['sh', '-c', by], env, user: 0, mounts })
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`RUN ${by} ended with ${status}:\n${stdout}${stderr}`)
}

function makePlace(path: string, isFolder: boolean): void {
  if (isFolder) mkdirSync(path, { recursive: true })
  else writeFileSync(path, '')
}

function imageOf(stage: Stage, root: string): Image {
  const user = lastOf(stage, 'USER')
  const line = readFileSync(`${root}.passwd`, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${user}:`))
  return {
    root,
    env: environmentOf(stage),
    workdir: lastOf(stage, 'WORKDIR'),
    user: Number(line?.split(':')[2]),
    command: execForm(lastOf(stage, 'CMD')),
    healthCheck: execForm(lastOf(stage, 'HEALTHCHECK')),
    volume: lastOf(stage, 'VOLUME'),
  }
}

/** As compose.yaml runs it, with `data` as its volume. */
export function imageProgram(
  image: Image,
  data: string,
  more: Partial<Pick<ScratchRun, 'command' | 'env' | 'cgroup' | 'mounts'>> = {},
): [program: string, args: string[]] {
  const { root, workdir, user } = image
  const mounts = { [image.volume.slice(1)]: { from: data, writable: true }, ...more.mounts }
  const run = { root, workdir, user, command: image.command, readOnly: true, ...more }
  return scratchProgram({ ...run, env: { ...image.env, ...more.env }, mounts })
}

interface Compose {
  services: { tentaculo_link: { mem_limit: string; read_only: boolean; environment: Record<string, string> } }
}

/** What compose.yaml says of the gateway. */
export const composed = (): Compose['services']['tentaculo_link'] =>
  (parse(read('compose.yaml'), { merge: true }) as Compose).services.tentaculo_link

const memory = '/sys/fs/cgroup/memory'

/** A cgroup with a limit of memory, of either version; null where this machine has no memory controller for us. */
export function memoryGroup(name: string, limit: string): { path: string; remove(): void } | null {
  for (const [parent, file] of [
    [memory, 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const path = join(parent, name)
    try {
      mkdirSync(path)
      writeFileSync(join(path, file), limit.toUpperCase())
      return { path, remove: () => rmdirSync(path) }
    } catch {
      // The other version, or none.
    }
  }
  return null
}
