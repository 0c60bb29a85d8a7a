/** Goes on as another program of Node, process id, signals and all. */
import { spawn } from 'node:child_process'

/** `environment` is of what the process's own does not set. */
export function become(args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const env = { ...environment, ...definedEnvironment() }
  // Absent on Windows.
  if (process.execve) process.execve(process.execPath, [process.execPath, ...args], env)
  else runBeside(args, env)
}

const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

function runBeside(args: readonly string[], env: Record<string, string>): void {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
