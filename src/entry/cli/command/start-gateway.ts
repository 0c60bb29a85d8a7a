/** Becomes the gateway: V8's options can only be given to a new program, so this one is replaced, process id and all. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { CommandError } from './exit-status.ts'
import { inPackage } from './package-root.ts'
import { startOptions } from './start-options.ts'

export function startGateway(): void {
  const bundle = inPackage('dist', 'node.js')
  if (!existsSync(bundle)) throw new CommandError('failed', 'Nothing is built yet: run `npm run build` first.')
  const args = [...process.execArgv, ...startOptions, bundle]
  // Absent on Windows.
  if (process.execve) process.execve(process.execPath, [process.execPath, ...args], definedEnvironment())
  else runBeside(args)
}

const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

function runBeside(args: readonly string[]): void {
  const gateway = spawn(process.execPath, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => gateway.kill(signal))
  gateway.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
