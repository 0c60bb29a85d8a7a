/** The folder for maintenance files; the map of a server's database is stored there too. */
import { join, resolve } from 'node:path'
import type { SaveFile } from '../../../modules/maintenance/map/map-files.ts'
import { makeFolder } from '../make-folder.ts'
import { writeWhole } from './durable.ts'

export const dataFolder =
  (dataDir: string): SaveFile =>
  async (name, text) => {
    const folder = resolve(dataDir, 'maintenance')
    makeFolder(folder)
    await writeWhole(join(folder, name), text)
    return join(folder, name)
  }
