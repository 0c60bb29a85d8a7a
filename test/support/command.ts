/** Runs `tentaculo` from the bundle that the global setup built, as a process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { artefactCommand } from './artefacts/artefact.ts'
import { compileCache, type Gateway, token } from './gateways.ts'

const program = fileURLToPath(new URL('../../bin/tentaculo.mjs', import.meta.url))

type Environment = Record<string, string>

export interface Ran {
  status: number | null
  out: string
  err: string
}

interface Place {
  cwd?: string
  env?: Environment
}

export const startCommand = (
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: Place = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [artefactCommand() ?? program, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...compileCache, ...env },
  })

export async function runCommand(args: readonly string[], place: Place = {}): Promise<Ran> {
  const child = startCommand(args, place)
  child.stdin.end()
  const [[status], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { status, out, err }
}

/** The environment in which commands find a gateway and may do everything. */
export const environmentOf = (gateway: Gateway): Environment => ({
  HOST: '127.0.0.1',
  PORT: new URL(gateway.url).port,
  VX11_TENTACULO_LINK_TOKEN: token,
})

/** A command beside a gateway, in its folder. */
export const runBeside = (gateway: Gateway, args: readonly string[], env: Environment = {}): Promise<Ran> =>
  runCommand(args, { cwd: gateway.folder, env: { ...environmentOf(gateway), ...env } })
