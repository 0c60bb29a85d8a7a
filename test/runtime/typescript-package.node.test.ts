/** The TypeScript client as it is published: what its README shows runs and compiles, and it works in a browser. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchBrowser } from '../support/browser.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { fencesOf, read, root } from '../support/project-texts.ts'

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const run = promisify(execFile)
const examples = fencesOf(read('clients/typescript/README.md'), 'js')

let gateway: Gateway
let folder: string
let installed: string
let page: Awaited<ReturnType<typeof pageServer>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-client-'))
  installed = join(folder, 'node_modules/@tentaculo-link/client')
  await mkdir(installed, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
  await cp(join(root, 'clients/typescript/package.json'), join(installed, 'package.json'))
  await run(bin('tsc'), [
    '-p',
    join(root, 'clients/typescript/tsconfig.build.json'),
    '--outDir',
    join(installed, 'dist'),
  ])
  page = await pageServer()
  gateway = await startNodeGateway({ ALLOWED_ORIGINS: page.origin })
})
afterAll(async () => {
  page?.close()
  await gateway?.stop()
  await rm(folder, { recursive: true })
})

describe('the published TypeScript client', () => {
  it('does what its README shows', async () => {
    const told: string[] = []
    for (const [at, example] of examples.entries()) {
      const file = join(folder, `example-${at}.mjs`)
      await writeFile(file, example.replaceAll('http://127.0.0.1:8000', gateway.url))
      const { stdout } = await run(bin('node'), [file], { env: { ...process.env, VX11_TOKEN: token } })
      told.push(stdout)
    }
    expect(told).toEqual([
      expect.stringContaining('madre'),
      expect.stringMatching(/^\d+ \{ version: '1\.4\.2' \}\n503 switch_unavailable \S+ \S+\n$/),
      expect.stringMatching(/^\d+ \{ version: '1\.4\.2' \}\n$/),
      expect.stringMatching(/^true \S+\n$/),
    ])
  })

  it('has types that compile its README, and refuse what is misspelt', async () => {
    const declared = 'declare const process: { env: Record<string, string | undefined> }\n'
    const files = examples.map((example, at) => ({ name: `example-${at}.ts`, text: example + declared }))
    const misspelt = { name: 'misspelt.ts', text: (examples[1] ?? '').replace('limit: 5', 'limt: 5') + declared }
    for (const { name, text } of [...files, misspelt]) await writeFile(join(folder, name), text)
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--types', '']
    const check = (names: string[]) =>
      run(bin('tsc'), [...options, '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2024,dom', ...names], {
        cwd: folder,
      })
    await check(files.map(({ name }) => name))
    await expect(check([misspelt.name])).rejects.toMatchObject({
      stdout: expect.stringMatching(/'limt' does not exist/),
    })
  })

  it.skipIf(!hasChromium)('follows events and sends them in a browser, from a page of another origin', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from '@tentaculo-link/client'`, resolveDir: folder },
      ...{ bundle: true, format: 'iife', globalName: 'client', write: false },
    })
    const browser = await launchBrowser()
    try {
      const tab = await browser.newPage()
      await tab.goto(page.origin)
      await tab.evaluate(outputFiles[0]?.text ?? '')
      const told = await tab.evaluate(`(async () => {
        const gateway = client.createClient({ url: '${gateway.url}', token: '${token}' })
        const socket = gateway.socket()
        const sent = { type: 'system.alert', alert_id: 'page', severity: 'info', message: 'from a page' }
        const { stream_id } = await socket.send(sent)
        socket.close()
        const refused = await gateway.getModule({ path: { name: 'nobody' } }).catch((error) => error.correlationId)
        for await (const event of gateway.events({ since: stream_id - 1 })) return [event.payload.alert_id, typeof refused]
      })()`)
      expect(told).toEqual(['page', 'string'])
    } finally {
      await browser.close()
    }
  })

  it('has no dependencies, and asks for no runtime by name', async () => {
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([])
    const { outputFiles, metafile } = await build({
      entryPoints: [join(installed, 'dist/index.js')],
      ...{ bundle: true, format: 'esm', platform: 'neutral', write: false, metafile: true },
    })
    expect(Object.keys(metafile.inputs).every((file) => file.includes('@tentaculo-link/client/dist/'))).toBe(true)
    expect(outputFiles[0]?.text).not.toMatch(/\b(process|Deno|Bun|Buffer|window|document|navigator)\b\./)
  })
})

/** A page of another origin than the gateway's. */
async function pageServer(): Promise<{ origin: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>A page</title>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
