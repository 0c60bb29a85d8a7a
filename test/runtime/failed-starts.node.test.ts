/** Starts that cannot succeed: each ends at once, with status 1 and one readable sentence that says what to do. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundle = join(root, 'dist/node.js')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failed-starts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  status: number | null
  text: string
}

/** Asynchronous, so that servers of this process can refuse it. */
async function startIn(cwd: string, env: Record<string, string>, node = process.execPath): Promise<Ended> {
  const child = spawn(node, [bundle], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stderr.on('data', (bytes) => (text += bytes))
  const [status] = await once(child, 'close')
  return { status, text }
}

function expectSentence({ status, text }: Ended, sentence: RegExp): void {
  expect(status).toBe(1)
  expect(text).toMatch(sentence)
  expect(text).not.toMatch(/^\s+at |node:internal/m)
  expect(text.length).toBeLessThan(400)
}

const token = { VX11_TENTACULO_LINK_TOKEN: 'a-token-for-failed-starts' }

describe('a start that cannot succeed', () => {
  it('names the address whose port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      const ended = await startIn(folder, { ...token, PORT: String(port) })
      expectSentence(ended, new RegExp(`^Cannot listen on 127\\.0\\.0\\.1:${port}: the port is in use\\. .*set PORT`))
    } finally {
      server.close()
    }
  })

  it('names an address that this machine does not have', async () => {
    expectSentence(await startIn(folder, { ...token, HOST: '192.0.2.1' }), /192\.0\.2\.1:8000: .*Set HOST/)
  })

  it.each([
    ['is a file', async (path: string) => writeFile(path, 'not a folder')],
    ['lies in a folder where nothing can be made', async () => {}],
  ])('says that the data folder %s', async (_what, prepare) => {
    const path = _what === 'is a file' ? join(folder, 'data-file') : '/proc/vx11-data'
    await prepare(path)
    expectSentence(
      await startIn(folder, { VX11_DATA_DIR: path }),
      /^The data folder .* cannot be written; set VX11_DATA_DIR/,
    )
  })

  it.runIf(process.getuid?.() === 0)('says that the data folder belongs to another user', async () => {
    const path = join(folder, 'foreign')
    await mkdir(path, { mode: 0o700 })
    await chmod(folder, 0o755)
    const child = spawnSync(process.execPath, [bundle], {
      ...{ cwd: '/', env: { VX11_DATA_DIR: path }, encoding: 'utf8', uid: 65_534, gid: 65_534 },
    })
    expectSentence({ status: child.status, text: child.stderr }, /^The data folder .* cannot be written/)
  })

  it('tells an old Node what it needs', async (context) => {
    const old = spawnSync('which', ['-a', 'node'], { encoding: 'utf8' })
      .stdout.split('\n')
      .find((path) =>
        /^v(1\d|2[0-3])\./.test(spawnSync(path || 'false', ['--version'], { encoding: 'utf8' }).stdout ?? ''),
      )
    context.skip(!old, 'no Node older than 24 on this machine')
    expectSentence(await startIn(folder, token, old as string), /needs Node 24 or newer; this is v/)
  })
})

describe('npm start without the development packages', () => {
  it('says what is missing', async () => {
    const script = join(root, 'src/entry/cli/prepare-start.mjs')
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' })
    expectSentence({ status, text: stderr }, /^Nothing is built yet.*npm ci/)
  })
})
