/** A real front before gateways of a test, as a process in a folder of its own, with the project's own configuration. */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Front {
  url: string
  stop(): Promise<void>
}

/** Throws in CI where the program is missing. */
export function isInstalled(program: string, args: readonly string[], aptPackage: string): boolean {
  if (!spawnSync(program, args).error) return true
  const missing = `apt-get install ${aptPackage}`
  if (process.env.CI) throw new Error(`${program} is missing: ${missing}`)
  process.stderr.write(`\n!! SKIPPED: no ${program} here; rolling behind it is untested (${missing})\n\n`)
  return false
}

/** The text of a file in deploy/, with the addresses of the test in place of its own. */
export async function deployedText(file: string, addresses: Readonly<Record<string, string>>): Promise<string> {
  let text = await readFile(fileURLToPath(new URL(`../../../deploy/${file}`, import.meta.url)), 'utf8')
  for (const [place, actual] of Object.entries(addresses)) {
    if (!text.includes(place)) throw new Error(`${file} has no ${place}`)
    text = text.replace(place, actual)
  }
  return text
}

/** `complaints` are read where it does not answer. */
export async function frontOf(
  server: ChildProcess,
  { url, folder, complaints }: { url: string; folder: string; complaints: () => Promise<string> },
): Promise<Front> {
  const endWithUs = () => void server.kill('SIGKILL')
  process.once('exit', endWithUs)
  const stop = async () => {
    process.off('exit', endWithUs)
    if (server.exitCode === null) {
      const exit = once(server, 'exit')
      server.kill('SIGTERM')
      await exit
    }
    await rm(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 500 && server.exitCode === null; attempt++) {
    const answers = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return { url, stop }
    await wait(20)
  }
  const error = new Error(`${server.spawnfile} does not answer:\n${await complaints()}`)
  await stop()
  throw error
}
