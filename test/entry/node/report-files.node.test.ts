/** A report that cannot be written is an error, wherever its folder is. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileReports } from '../../../src/entry/node/report-files.ts'

const home = process.cwd()
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'))
})
afterEach(async () => {
  process.chdir(home)
  await rm(folder, { recursive: true, force: true })
})

it('is written into a folder that it makes', async () => {
  const path = await fileReports(join(folder, 'data/reports')).write('truth.md', '# Truth')
  expect(await readFile(path, 'utf8')).toBe('# Truth')
})

it.each(['data/reports', '/proc/data/reports'])('cannot be written into %s where that is impossible', async (name) => {
  process.chdir(folder)
  await rm(folder, { recursive: true })
  await expect(fileReports(name).write('truth.md', '# Truth')).rejects.toMatchObject({ code: 'ENOENT' })
})
