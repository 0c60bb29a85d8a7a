/** Keeps the files of tests in memory where there is room: a disk's flushes would take half of their time. */
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** In bytes; a run needs a tenth of it. */
const needed = 4 * 2 ** 30
const prefix = 'vx11-tests-'

/** All that asks for the folder of temporary files gets one of this run, which goes with it. */
export default function setup(): () => void {
  const parent = hasRoom(memory) ? memory : tmpdir()
  removeLeftOvers(parent)
  const folder = join(parent, `${prefix}${process.pid}`)
  mkdirSync(folder, { recursive: true })
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > needed
  } catch {
    return false
  }
}

/** A run that was killed left its folder behind. */
function removeLeftOvers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue
    rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
