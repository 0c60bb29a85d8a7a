/** The token of a gateway without a configured one: created on the first run, stored in the data folder. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../../adapters/libsql/make-folder.ts'
import type { Config } from '../../../config/config.ts'

export interface FirstRunToken {
  file: string
  token: string
  /** Made by this start; nobody has seen it yet. */
  isNew: boolean
}

export function readFirstRunToken({ dataDir }: Pick<Config, 'dataDir'>): FirstRunToken {
  const file = join(dataDir, 'token')
  try {
    makeFolder(dataDir)
    const known = storedToken(file)
    if (known !== null) return { file, token: known, isNew: false }
    const made = randomBytes(24).toString('base64url')
    const token = keep(dataDir, file, made)
    return { file, token, isNew: token === made }
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

/** Null for a missing or empty file; a full disk can leave an empty one. */
function storedToken(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Writes and syncs a draft before renaming it, so that a crash leaves no partial token. Returns the stored token. */
function keep(dataDir: string, file: string, token: string): string {
  const draft = `${file}.${process.pid}.draft`
  try {
    writeSynced(draft, `${token}\n`)
    place(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dataDir)
  return storedToken(file) ?? token
}

/** If two gateways start at once, one stores its token and both read it; an empty file is replaced. */
function place(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isTaken = code === 'EEXIST' && storedToken(file) !== null
    // Some file systems do not support links.
    if (!isTaken) renameSync(draft, file)
  }
}

function writeSynced(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600)
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } catch {
    // Some file systems cannot sync a folder; the token is stored nevertheless.
  } finally {
    closeSync(fd)
  }
}

const unusable = (dataDir: string, cause: unknown) =>
  new Error(`The data folder ${dataDir} cannot be written; set VX11_DATA_DIR, or configure a token.`, { cause })
