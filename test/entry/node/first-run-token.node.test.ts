import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFirstRunToken } from '../../../src/entry/node/configuration/first-run-token.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'first-run-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const read = (dataDir: string) => readFirstRunToken({ dataDir }).token

describe('the first-run token', () => {
  it('is made once, for its owner alone, and leaves no draft behind', () => {
    const folder = join(base, 'data')
    const first = readFirstRunToken({ dataDir: folder })
    expect(first).toEqual({ file: join(folder, 'token'), token: expect.stringMatching(/^[\w-]{32}$/), isNew: true })
    expect(readFirstRunToken({ dataDir: folder })).toEqual({ ...first, isNew: false })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['token'])
  })

  it.each(['', '\n', '  \n'])('takes a file that holds %j for none', (text) => {
    writeFileSync(join(base, 'token'), text)
    const token = read(base)
    expect(token).toHaveLength(32)
    expect(readFileSync(join(base, 'token'), 'utf8')).toBe(`${token}\n`)
  })

  it('leaves no file without a token when the disk is full', () => {
    const script = join(import.meta.dirname, '../../../src/entry/node/configuration/first-run-token.ts')
    const code = `import { readFirstRunToken } from ${JSON.stringify(script)}
      readFirstRunToken({ dataDir: ${JSON.stringify(base)} })`
    // A limit of zero on the size of files fails each write, as a full disk does.
    const command = `trap '' XFSZ; ulimit -f 0; exec "$0" --input-type=module -e "$1"`
    const { status } = spawnSync('bash', ['-c', command, process.execPath, code], { stdio: 'ignore' })
    expect(status).not.toBe(0)
    expect(existsSync(join(base, 'token'))).toBe(false)
    expect(read(base)).toHaveLength(32)
  })

  it.skipIf(process.getuid?.() === 0)('says which folder cannot be written', () => {
    chmodSync(base, 0o500)
    expect(() => read(join(base, 'data'))).toThrow(/cannot be written; set VX11_DATA_DIR/)
  })
})
