/** Cleans the backup folder after interrupted runs: removes partial copies and completes partial moves. */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ifAbsent } from './durable.ts'

/** Matches the gateway's own files only. */
const halfCopy = /^vx11-\d{8}T\d{9}Z\.db(\.sha256)?\.partial(-journal|-wal|-shm)?$/
const checksum = /^vx11-\d{8}T\d{9}Z\.db\.sha256$/

export const archiveOf = (folder: string): string => join(folder, 'archived')

export async function tidy(folder: string): Promise<void> {
  const names = new Set(await namesIn(folder))
  const archived = new Set(await namesIn(archiveOf(folder)))
  for (const name of names) {
    const copy = name.replace(/\.sha256$/, '')
    if (halfCopy.test(name)) await rm(join(folder, name), { force: true })
    else if (!checksum.test(name) || names.has(copy)) continue
    else if (archived.has(copy)) await rename(join(folder, name), join(archiveOf(folder), name))
    else await rm(join(folder, name), { force: true })
  }
}

/** Empty for a missing folder. */
export const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(ifAbsent)) ?? []
