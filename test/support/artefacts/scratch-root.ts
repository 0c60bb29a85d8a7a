/**
 * Runs programs in a root of their own, as a container engine does: this machine's system is the base image, read-only,
 * below the folders of the image. Needs root and Linux.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'

export interface ScratchRun {
  root: string
  command: readonly string[]
  workdir: string
  env: Readonly<Record<string, string>>
  /** The numeric id of user and group. */
  user: number
  /** Folders of this machine by their place in the root. */
  mounts?: Readonly<Record<string, { from: string; writable: boolean }>>
  /** Of the root; folders that are mounted in it may be written. */
  readOnly?: boolean
  /** The root has an `etc` that may be written, instead of this machine's. */
  hasOwnEtc?: boolean
  /** Nobody else is on 127.0.0.1. */
  hasOwnNetwork?: boolean
  /** A cgroup whose limits hold. */
  cgroup?: string | null
}

/** Null where it works, else what is missing. */
export function whyNoScratchRoot(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are of Linux'
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'utf8' })
  if (tried.status !== 0) return `unshare: ${tried.error?.message ?? tried.stderr.trim()}`
  const lost = ['chroot', 'setpriv', 'ip', 'nsenter'].find((program) => spawnSync('which', [program]).status !== 0)
  return lost ? `${lost} is missing` : null
}

const ofSystem = ['usr', 'etc', 'dev', 'proc'] as const
/** Where the base image has node and npm. */
const local = 'local'

/** What node:24-slim gives: a system, Node, npm and the user `node`. */
export function makeScratchRoot(root: string): void {
  for (const folder of [...ofSystem, 'tmp', 'root', 'var', 'home/node'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (existsSync(`/${name}`)) symlinkSync(`usr/${name}`, join(root, name))
  }
  const place = `${root}.${local}`
  mkdirSync(join(place, 'bin'), { recursive: true })
  mkdirSync(join(place, 'lib/node_modules/npm'), { recursive: true })
  linkOrCopy(process.execPath, join(place, 'bin/node'))
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(place, 'bin/npm'))
  symlinkSync('../lib/node_modules/npm/bin/npx-cli.js', join(place, 'bin/npx'))
  writeFileSync(`${root}.passwd`, 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  writeFileSync(`${root}.group`, 'root:x:0:\nnode:x:1000:\n')
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(realpathSync(from), to)
  } catch {
    copyFileSync(from, to)
  }
}

/** A program and its arguments; the process that it begins becomes the one in the root, with its id. */
export function scratchProgram(run: ScratchRun): [program: string, args: string[]] {
  const { root, command, workdir, env, user, cgroup, readOnly = false, hasOwnNetwork = false } = run
  const pairs = Object.entries({ PATH: path, HOME: user === 0 ? '/root' : '/home/node', ...env })
  const enter = [
    ...['chroot', root, 'setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'],
    ...(user === 0 ? [] : ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']),
    ...['env', '-i', '-C', workdir, ...pairs.map(([name, value]) => `${name}=${value}`), ...command],
  ]
  const script = [
    'set -e',
    ...(hasOwnNetwork ? ['ip link set lo up'] : []),
    ...(cgroup ? [`echo $$ > ${quoted(join(cgroup, 'cgroup.procs'))}`] : []),
    `mount --bind ${quoted(root)} ${quoted(root)}`,
    ...mountsOf(run),
    ...(readOnly ? [`mount -o remount,ro,bind ${quoted(root)}`] : []),
    `exec ${enter.map(quoted).join(' ')}`,
  ]
  return [
    'unshare',
    ['--mount', ...(hasOwnNetwork ? ['--net'] : []), '--propagation', 'private', 'sh', '-c', script.join('\n')],
  ]
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function mountsOf({ root, mounts = {}, readOnly = false, hasOwnEtc = false }: ScratchRun): string[] {
  const shared = ofSystem.filter((name) => name !== 'etc' || !hasOwnEtc)
  const users = hasOwnEtc ? [] : ['passwd', 'group']
  const system = shared.map((name) => bound(`/${name}`, join(root, name), name === 'dev' || name === 'proc'))
  const npm = dirname(dirname(realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim())))
  return [
    ...system,
    bound(`${root}.${local}`, join(root, 'usr/local'), !readOnly),
    bound(npm, join(root, 'usr/local/lib/node_modules/npm'), false),
    ...users.map((name) => bound(`${root}.${name}`, join(root, 'etc', name), false)),
    ...Object.entries(mounts).map(([place, { from, writable }]) => bound(from, join(root, place), writable)),
  ].flat()
}

function bound(from: string, to: string, writable: boolean): string {
  const mount = `mount --${basename(from) === 'dev' ? 'r' : ''}bind ${quoted(from)} ${quoted(to)}`
  return writable ? mount : `${mount} && mount -o remount,ro,bind ${quoted(to)}`
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** What npm needs to reach the registry that this machine uses, and the packages that it has already. */
export function npmMounts(): NonNullable<ScratchRun['mounts']> {
  const cache = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim()
  mkdirSync(cache, { recursive: true })
  const settings = join(homedir(), '.npmrc')
  return {
    'root/.npm': { from: cache, writable: true },
    ...(existsSync(settings) && { 'root/.npmrc': { from: settings, writable: false } }),
  }
}

export const npmEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        /^(npm_config_(registry|cafile)|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file)$/i.test(entry[0]) &&
        entry[1] !== undefined,
    ),
  )
