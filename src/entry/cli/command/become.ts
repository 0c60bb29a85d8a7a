/** Goes on as another program of Node, process id, signals and all. */
import { spawn } from 'node:child_process'

export function become(args: readonly string[]): void {
  // Absent on Windows.
  if (process.execve) process.execve(process.execPath, [process.execPath, ...args], definedEnvironment())
  else runBeside(args)
}

const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

function runBeside(args: readonly string[]): void {
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
