/** Keeps the newest backups and moves older ones to archived/; deletes nothing (contract data/retention). */
import { rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { done } from '../../../modules/maintenance/outcome.ts'
import type { BackupFile, ListBackups } from '../../../ports/index.ts'
import { makeFolder } from '../make-folder.ts'
import { checksumPath, readChecksum } from './checksum.ts'
import { ifAbsent, syncToDisk } from './durable.ts'
import { archiveOf, namesIn, tidy } from './leftovers.ts'

export interface KeptBackup {
  name: string
  /** True with a checksum; v7's copies have none. */
  verifiable: boolean
  /** Epoch milliseconds. */
  at: number
}

export const rotate = (folder: string, keep: number) => async () => {
  const archive = archiveOf(folder)
  makeFolder(archive)
  await tidy(folder)
  const backups = await listBackups(folder)
  const old = backups.slice(keep)
  for (const { name } of old) await move(folder, archive, name)
  await syncToDisk(archive)
  await syncToDisk(folder)
  return done({
    kept: backups.slice(0, keep).map(({ name }) => name),
    archived: old.map(({ name }) => name),
    archived_total: (await namesIn(archive)).filter(isBackup).length,
  })
}

/** Sorted: verifiable ones first, then the newest. */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  const names = (await namesIn(folder)).filter(isBackup)
  const backups = await Promise.all(names.map((name) => describeBackup(folder, name)))
  return backups.sort(
    (a, b) => Number(b.verifiable) - Number(a.verifiable) || b.at - a.at || b.name.localeCompare(a.name),
  )
}

/** Both folders, the newest first. */
export const backupFiles = (directory: string): ListBackups => {
  const folder = resolve(directory)
  return async () => {
    const both = await Promise.all([filesIn(folder, false), filesIn(archiveOf(folder), true)])
    return both.flat().sort((a, b) => b.at - a.at || b.name.localeCompare(a.name))
  }
}

async function filesIn(folder: string, archived: boolean): Promise<BackupFile[]> {
  const names = (await namesIn(folder)).filter(isBackup)
  const files = await Promise.all(
    names.map(async (name) => {
      // A rotation may move it between two looks.
      const found = await stat(join(folder, name)).catch(ifAbsent)
      return found?.isFile() ? { ...(await describeBackup(folder, name)), bytes: found.size, archived } : []
    }),
  )
  return files.flat()
}

const isBackup = (name: string) => name.endsWith('.db')

async function describeBackup(folder: string, name: string): Promise<KeptBackup> {
  const path = join(folder, name)
  const verifiable = (await readChecksum(path)) !== null
  return { name, verifiable, at: momentOf(name) ?? (await stat(path)).mtimeMs }
}

/** The creation time from the file name, because the file's own time may have changed. */
function momentOf(name: string): number | null {
  const match = /^vx11-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z\.db$/.exec(name)
  if (!match) return null
  const [, year, month, day, hour, minute, second, ms] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`)
}

/** Moves the copy first; after an interruption leftovers.ts moves its checksum. */
async function move(folder: string, archive: string, name: string): Promise<void> {
  const target = freeName(name, new Set(await namesIn(archive)))
  await rename(join(folder, name), join(archive, target))
  await rename(checksumPath(join(folder, name)), checksumPath(join(archive, target))).catch(ifAbsent)
}

/** A name that replaces no archived file. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let copy = 2, free = name; ; copy++) {
    if (!taken.has(free)) return free
    free = name.replace(/\.db$/, `-${copy}.db`)
  }
}
