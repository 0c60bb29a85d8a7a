/** Starts processes and sees to it that none outlives the bench, however it ends. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endGroup, signalGroup } from '../../test/support/process-group.ts'

const living = new Set<ChildProcess>()
const folders = new Set<string>()

process.once('exit', () => {
  for (const child of living) signalGroup(child, 'SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

/** Removed when the bench ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vx11-bench-'))
  folders.add(folder)
  return folder
}

/** In a process group of its own, so that what it starts ends with it. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { detached: true, ...options })
  living.add(child)
  child.once('exit', () => living.delete(child))
  child.once('error', () => living.delete(child))
  return child
}

/** What the process wrote to its standard output; rejects when it did not end well. */
export async function outputOf(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<string> {
  const child = startChild(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${chunks.join('')}`)
  return chunks.join('')
}

export const stopChild = (child: ChildProcess): Promise<void> => endGroup(child, 5000)

/** Milliseconds until the URL answered 200; rejects when it takes too long, or when the process ended. */
export async function untilReady(child: ChildProcess, url: string, timeoutMs = 30_000): Promise<number> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < timeoutMs) {
    if (child.exitCode !== null) throw new Error(`the server for ${url} ended with ${child.exitCode}`)
    if ((await statusOf(url)) === 200) return performance.now() - startedAt
    await wait(5)
  }
  throw new Error(`nothing answered at ${url}`)
}

/** 0 without an answer. */
export const statusOf = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false, headers, method }, (answer) => {
      answer.destroy()
      resolve(answer.statusCode ?? 0)
    })
    request.on('error', () => resolve(0))
  })
