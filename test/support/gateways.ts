/** Starts the real entries as processes, each in a folder of its own, and asks them over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { startEnvironment, startOptions } from '../../src/entry/cli/command/start-options.ts'
import { artefactProgram, type Program } from './artefacts/artefact.ts'
import { freePort } from './free-port.ts'
import { endGroup, signalGroup } from './process-group.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules/.bin')

export interface Gateway {
  url: string
  folder: string
  process: ChildProcess
  /** Everything the process wrote so far, both streams. */
  output(): string
  /** Asks with the token that may do everything. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Ends it without a word, unless another signal is named, and starts it again on the same port and folder. */
  restart(signal?: NodeJS.Signals, between?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export const token = 'runtime-test-token'

type Environment = Record<string, string>

/** What `npm start` runs: the bundle that the global setup built, or the artefact that VX11_TEST_GATEWAY names. */
export const startNodeGateway = (env: Environment = {}): Promise<Gateway> => onFreePort(() => startNode(env))

async function startNode(env: Environment): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-node-'))
  const migrated = process.env[databaseTemplate]
  if (migrated && !env.VX11_DATABASE_URL) {
    await mkdir(join(folder, 'data'), { mode: 0o700 })
    await copyFile(migrated, join(folder, 'data/vx11.db'))
  }
  const artefact = artefactProgram(folder)
  return startProgram(folder, artefact ?? bundle, artefact ? env : { ...startEnvironment, ...env })
}

const inNode =
  (...args: string[]): Program =>
  () => [join(bin, 'node'), args]
const bundle = inNode(...startOptions, join(root, 'dist/node.js'))

/** The Worker in workerd, and nothing before it. */
export const startWorkerGateway = (env: Environment = {}): Promise<Gateway> =>
  onFreePort(() => startWorker([workerProcess], env))

/** What `npm run dev:worker` runs: wrangler's proxy stands before the Worker. It takes three times the work to start. */
export const startDevWorker = (env: Environment = {}): Promise<Gateway> =>
  onFreePort(() => startWorker([join(root, 'src/entry/cli/dev-worker.ts')], env))

const workerProcess = join(root, 'test/support/worker-process.ts')

/** On links to the project, so that its state stays out of it. */
const startWorker = async (args: string[], env: Environment): Promise<Gateway> =>
  startProgram(await workerFolder(), inNode(...args), env)

/** The Worker twice in one workerd, as two isolates that share what is stored; to stop one is to stop both. */
export const startWorkerIsolates = (env: Environment = {}): Promise<[Gateway, Gateway]> =>
  onFreePort(() => startIsolates(env))

async function startIsolates(env: Environment): Promise<[Gateway, Gateway]> {
  const otherPort = await freePort()
  const one = await startWorker([workerProcess], { OTHER_PORT: String(otherPort), ...env })
  return [one, { ...one, ...asked(`http://127.0.0.1:${otherPort}`) }]
}

async function workerFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-worker-'))
  await linkProject(folder)
  const migrated = process.env[wranglerFolder]
  if (migrated) await cp(migrated, join(folder, '.wrangler'), { recursive: true })
  return folder
}

/** What test/support/build-setup.ts has made for the processes of the tests: a `.wrangler` folder, a migrated file. */
export const wranglerFolder = 'VX11_TEST_WRANGLER_FOLDER'
export const databaseTemplate = 'VX11_TEST_DATABASE'

/** Where Node keeps what it has compiled: half of a start is compiling. */
export const compileCache = { NODE_COMPILE_CACHE: join(root, '.cache/compiled') }

export async function linkProject(folder: string): Promise<void> {
  for (const name of ['src', 'dist', 'migrations', 'node_modules', 'package.json', 'tsconfig.json', 'wrangler.toml']) {
    await symlink(join(root, name), join(folder, name))
  }
}

/** A port that was free may be another test's by the time the gateway wants it: then a second one serves. */
export const onFreePort = <T>(begin: () => Promise<T>): Promise<T> =>
  begin().catch((error: Error) => {
    if (!/in use/i.test(error.message)) throw error
    return begin()
  })

/** `folder` is removed with it. */
export async function startProgram(folder: string, program: Program, env: Environment): Promise<Gateway> {
  const port = await freePort()
  const chunks: string[] = []
  const begin = () => {
    const child = beginProcess(folder, program, { PORT: String(port), ...env })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)))
    return child
  }
  const endWithUs = () => signalGroup(gateway.process, 'SIGKILL')
  process.once('exit', endWithUs)

  const gateway: Gateway = {
    ...asked(`http://127.0.0.1:${port}`),
    folder,
    process: begin(),
    output: () => chunks.join(''),
    async restart(signal = 'SIGKILL', between) {
      const exit = once(gateway.process, 'exit')
      signalGroup(gateway.process, signal)
      await exit
      await between?.()
      gateway.process = begin()
      await untilHealthy(gateway)
    },
    async stop() {
      process.off('exit', endWithUs)
      await endGroup(gateway.process, 15_000)
      await rm(folder, { recursive: true, force: true })
    },
  }
  await untilHealthy(gateway)
  return gateway
}

function beginProcess(folder: string, begun: Program, env: Environment): ChildProcess {
  const all = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    HOST: '127.0.0.1',
    VX11_TENTACULO_LINK_TOKEN: token,
    ...compileCache,
    ...env,
  }
  const [program, args] = begun(all)
  // A group of its own: wrangler starts workerd, and both must end with it.
  return spawn(program, args, { cwd: folder, detached: true, env: all, stdio: ['ignore', 'pipe', 'pipe'] })
}

const asked = (url: string): Pick<Gateway, 'url' | 'fetch'> => ({
  url,
  fetch: (path, { headers, ...init } = {}) =>
    fetch(url + path, { ...init, headers: { 'x-vx11-token': token, ...(headers as Environment) } }),
})

async function untilHealthy(gateway: Gateway): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt++) {
    if (gateway.process.exitCode !== null) break
    const healthy = await fetch(`${gateway.url}/health`).then(
      (response) => response.ok,
      () => false,
    )
    // It listens while its database is opened. Another server that was faster to the port may be healthy, too.
    if (healthy && (await isOpen(gateway)) && gateway.process.exitCode === null) return
    await wait(20)
  }
  await gateway.stop()
  throw new Error(`the gateway did not start:\n${gateway.output()}`)
}

const Readiness = v.object({ checks: v.object({ database: v.object({ reason: v.nullable(v.string()) }) }) })

/** The answer waits for the first try to open the database, which takes seconds on a busy machine; a frozen one is given up on. */
async function isOpen({ url }: Gateway): Promise<boolean> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const answer: unknown = await fetch(`${url}/readyz`)
      .then((response) => response.json())
      .catch(() => null)
    if (answer === null) return false
    const readiness = v.safeParse(Readiness, answer)
    if (!readiness.success || readiness.output.checks.database.reason !== 'timeout') return true
  }
  return true
}

/** For tests that both must pass: `describe.each(runtimes)('… on %s', (runtime, startGateway) => …)`. */
export const runtimes = [
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const
export type Runtime = (typeof runtimes)[number][0]

/** Resident memory of a process in MiB. */
export const residentMiB = (pid: number): Promise<number> => statusMiB(pid, /VmRSS:\s+(\d+)/)

/** Without the pages of files, such as those of Node's program, which processes share. */
export const ownMiB = (pid: number): Promise<number> => statusMiB(pid, /RssAnon:\s+(\d+)/)

async function statusMiB(pid: number, line: RegExp): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(line.exec(status)?.[1]) / 1024
}
