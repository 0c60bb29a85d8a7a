/** Whom the load is driven against: this gateway, the upstream itself, and the peers, each a process of its own. */
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEnvironment, startOptions } from '../../src/entry/cli/command/start-options.ts'
import { freePort } from '../../test/support/free-port.ts'
import { nginxConf } from '../peers/nginx-conf.ts'
import { startChild, stopChild, temporaryFolder, untilReady } from './children.ts'

export type TargetName =
  | 'gateway'
  | 'baseline'
  | 'upstream'
  | 'fastify-http-proxy'
  | 'node-http'
  | 'floor'
  | 'hono-json'
  | 'worker-json'
  | 'worker-fetch'
  | 'nginx'
  | 'nginx-cache'

export interface Target {
  name: TargetName
  url: string
  /** Of the process that answers, or of its parent. */
  pid: number
  startMs: number
  stop(): Promise<void>
}

export interface Upstream {
  url: string
  port: number
}

/** A bundle of the gateway, and the folder it runs in. */
export interface Bundle {
  script: string
  folder: string
}

export const token = 'bench-token-of-no-other-use'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const isGateway = (name: TargetName): boolean => name === 'gateway' || name === 'baseline'

/** Every limit on and counting, none so low that it refuses. */
export const gatewayEnv = (upstream: Upstream): Record<string, string> => ({
  VX11_TENTACULO_LINK_TOKEN: token,
  SHUB_URL: upstream.url,
  VX11_RATE_LIMIT_IP: '1000000',
  VX11_RATE_LIMIT_DEFAULT: '1000000',
  VX11_RATE_LIMIT_USER: '1000000',
  VX11_RATE_LIMIT_PROTECTED: '1000000',
  VX11_MAX_IN_FLIGHT: '1024',
  LOG_LEVEL: 'info',
})

export async function startGateway(
  name: TargetName,
  bundle: Bundle,
  upstream: Upstream,
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<Target> {
  const port = await freePort()
  const child = startNode(
    [...startOptions, ...nodeOptions, bundle.script],
    port,
    { HOME: bundle.folder, ...startEnvironment, ...gatewayEnv(upstream), ...env },
    bundle.folder,
  )
  return ready(name, child, `http://127.0.0.1:${port}`, '/readyz')
}

export async function startUpstream(): Promise<Target & Upstream> {
  const port = await freePort()
  const child = startNode([here('upstream.ts')], port, {})
  return { ...(await ready('upstream', child, `http://127.0.0.1:${port}`, '/health')), port }
}

export async function startPeer(name: TargetName, upstream: Upstream): Promise<Target> {
  const port = await freePort()
  const child =
    name === 'nginx' || name === 'nginx-cache'
      ? startNginx(port, upstream.port, name === 'nginx-cache')
      : startNode([here(`../peers/${name}.ts`)], port, { UPSTREAM_URL: upstream.url })
  return ready(name, child, `http://127.0.0.1:${port}`, '/health')
}

/** The gateway writes a line per request, which is part of what it costs; where the line goes is not. */
const startNode = (args: readonly string[], port: number, env: Record<string, string>, cwd = here('.')): ChildProcess =>
  startChild(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(port), HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })

function startNginx(port: number, upstreamPort: number, cached: boolean): ChildProcess {
  const folder = temporaryFolder()
  const conf = join(folder, 'nginx.conf')
  const owner = process.getuid?.() === 0 ? userInfo().username : null
  writeFileSync(conf, nginxConf({ folder, port, upstreamPort, cached, owner }))
  mkdirSync(join(folder, 'logs'))
  const args = ['-p', folder, '-c', conf, '-e', join(folder, 'error.log')]
  return startChild(nginxPath() ?? 'nginx', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function ready(name: TargetName, child: ChildProcess, url: string, path: string): Promise<Target> {
  const stop = () => stopChild(child)
  try {
    const startMs = await untilReady(child, url + path)
    return { name, url, pid: child.pid ?? 0, startMs, stop }
  } catch (error) {
    await stop()
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
  }
}

/** Distributions keep nginx where only root looks. */
const nginxPath = (): string | undefined => findProgram('nginx', ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'])

export function findProgram(name: string, elsewhere: readonly string[] = []): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...elsewhere]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** What this machine can compare with. */
export const isInstalled = (name: TargetName): boolean =>
  name === 'nginx' || name === 'nginx-cache' ? nginxPath() !== undefined : true
