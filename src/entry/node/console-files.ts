/** Reads the console's built files from a folder beside the bundle, on each request, so that rebuilds show at once. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ConsoleFile, ConsoleFiles } from '../../ports/index.ts'

/** File names of `vite build`: no leading dots, at most one folder. */
const fileName = /^(?:assets\/)?[\w-][\w.-]*$/
const compressible = /\.(?:html|js|css|svg|json)$/
const pack = promisify(gzip)

interface Kept extends Record<'plain' | 'packed', ConsoleFile> {
  changedAt: number
}

/** Beside the bundle. */
export const consoleFolder = fileURLToPath(new URL('./console', import.meta.url))

export function consoleFiles(folder: string): ConsoleFiles {
  const kept = new Map<string, Kept>()
  return async (name, accepts) => {
    if (!fileName.test(name)) return null
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) return null
    let file = kept.get(name)
    if (file?.changedAt !== found.mtimeMs) {
      file = { ...(await load(path)), changedAt: found.mtimeMs }
      kept.set(name, file)
    }
    return accepts.gzip ? file.packed : file.plain
  }
}

async function load(path: string): Promise<Pick<Kept, 'plain' | 'packed'>> {
  const bytes = new Uint8Array(await readFile(path))
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  const plain = { bytes, etag: `"${hash}"` }
  if (!compressible.test(path)) return { plain, packed: plain }
  return { plain, packed: { bytes: new Uint8Array(await pack(bytes)), etag: `"${hash}-gzip"`, encoding: 'gzip' } }
}
