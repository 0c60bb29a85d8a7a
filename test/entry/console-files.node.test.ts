/** Only what the build wrote is served from the console's folder. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleFiles } from '../../src/entry/node/console-files.ts'

let folder = ''
const plain = { gzip: false }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-files-'))
  await mkdir(join(folder, 'assets/deep'), { recursive: true })
  await writeFile(join(folder, 'index.html'), 'page')
  await writeFile(join(folder, 'assets/deep/x.js'), 'hidden')
  await writeFile(join(folder, '.env'), 'secret')
})
afterAll(() => rm(folder, { recursive: true }))

describe('consoleFiles', () => {
  it('finds nothing outside, hidden or deeper than the build goes', async () => {
    const read = consoleFiles(folder)
    for (const name of [
      '../index.html',
      '.env',
      'assets',
      'assets/deep/x.js',
      'assets/../index.html',
      '',
      'index.html\0',
    ])
      expect(await read(name, plain), name).toBeNull()
  })

  it('packs text, and reads a new build without a restart', async () => {
    const read = consoleFiles(folder)
    const first = await read('index.html', { gzip: true })
    expect(gunzipSync(first?.bytes as Uint8Array).toString()).toBe('page')
    await writeFile(join(folder, 'index.html'), 'newer page')
    await utimes(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5000))
    const second = await read('index.html', plain)
    expect(new TextDecoder().decode(second?.bytes as Uint8Array)).toBe('newer page')
    expect(second?.etag).not.toBe(first?.etag)
  })

  it('says that there is nothing where nothing was built', async () => {
    expect(await consoleFiles(join(folder, 'none'))('index.html', plain)).toBeNull()
  })
})
