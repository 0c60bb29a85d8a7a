import { execFileSync } from 'node:child_process'
import { appendFile, chmod, mkdir, mkdtemp, open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceFolder } from '../../src/adapters/evidence-folder/folder.ts'

describe('evidenceFolder', () => {
  let base: string
  let root: string
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'vx11-evidence-'))
    root = join(base, 'root')
    await mkdir(join(root, 'docs'), { recursive: true })
    await writeFile(join(base, 'secret'), 'secret')
    await writeFile(join(root, 'docs', 'one.txt'), 'one')
    await writeFile(join(root, 'empty'), '')
    await symlink(join(base, 'secret'), join(root, 'link-out'))
    await symlink('docs/one.txt', join(root, 'link-in'))
    await symlink(base, join(root, 'up'))
    await symlink('loop', join(root, 'loop'))
    execFileSync('mkfifo', [join(root, 'pipe')])
  })
  afterAll(() => rm(base, { recursive: true }))

  async function read(path: string, folder = root) {
    const file = await evidenceFolder(folder).open(path)
    if (typeof file === 'string') return file
    const chunks = []
    for await (const chunk of file.chunks()) chunks.push(chunk)
    await file.close()
    return { bytes: file.bytes, text: Buffer.concat(chunks).toString() }
  }

  it('reads regular files below the root', async () => {
    expect(await read('docs/one.txt')).toEqual({ bytes: 3, text: 'one' })
    expect(await read('empty')).toEqual({ bytes: 0, text: '' })
  })

  it.each([
    ['link-out', 'link'],
    ['link-in', 'link'],
    ['up/secret', 'link'],
    ['loop', 'link'],
    ['docs', 'not_a_file'],
    ['pipe', 'not_a_file'],
    ['gone', 'missing'],
    ['docs/one.txt/more', 'missing'],
    [`docs/${'x'.repeat(300)}`, 'unreadable'],
    ['a\0b', 'unreadable'],
  ])('does not read %j: %s', async (path, refusal) => {
    expect(await read(path)).toBe(refusal)
  })

  it('takes a root that is a link, and one that is not there', async () => {
    await symlink(root, join(base, 'alias'))
    expect(await read('docs/one.txt', join(base, 'alias'))).toMatchObject({ text: 'one' })
    expect(await read('docs/one.txt', join(base, 'nowhere'))).toBe('missing')
  })

  it('refuses what was swapped in between the look and the open', async () => {
    await mkdir(join(root, 'swapped'))
    await writeFile(join(root, 'swapped', 'secret'), 'harmless')
    const swap = async () => {
      await rename(join(root, 'swapped'), join(root, 'aside'))
      await symlink(base, join(root, 'swapped'))
    }
    const swapBack = async () => {
      await rm(join(root, 'swapped'))
      await rename(join(root, 'aside'), join(root, 'swapped'))
    }
    const swapped = evidenceFolder(root, async (...args) => {
      await swap()
      return open(...args)
    })
    expect(await swapped.open('swapped/secret')).toBe('link')
    await swapBack()
    const shortly = evidenceFolder(root, async (...args) => {
      await swap()
      const handle = await open(...args)
      await swapBack()
      return handle
    })
    expect(await shortly.open('swapped/secret')).toBe('link')
    expect(await read('swapped/secret')).toMatchObject({ text: 'harmless' })
  })

  it('reads as far as the file went when it was opened', async () => {
    const path = join(root, 'growing')
    await writeFile(path, 'x'.repeat(100_000))
    const file = await evidenceFolder(root).open('growing')
    if (typeof file === 'string') throw new Error(file)
    await appendFile(path, 'y'.repeat(100_000))
    let seen = 0
    for await (const chunk of file.chunks()) {
      if (seen === 0) await truncate(path, 70_000)
      seen += chunk.byteLength
    }
    await file.close()
    expect({ seen, bytes: file.bytes }).toEqual({ seen: 70_000, bytes: 100_000 })
  })

  it.skipIf(process.getuid?.() === 0)('says what it may not read', async () => {
    await writeFile(join(root, 'closed'), 'x')
    await chmod(join(root, 'closed'), 0)
    expect(await read('closed')).toBe('unreadable')
  })
})
