/** Reads the import lines of src/ and holds them to the floors of docs/architecture.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`)

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8')
  const pattern = /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gms
  return [...text.matchAll(pattern)].map(([, type, named, bare, dynamic]) => ({
    from,
    to: resolve(from, named ?? bare ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }))
})

function resolve(from: string, to: string): string {
  return to.startsWith('.') ? normalize(join(dirname(from), to)) : to
}

/** Higher may import lower; the first pattern that fits decides. */
const floors: [RegExp, number][] = [
  [/^src\/entry\//, 6],
  [/^src\/(app|services)\.ts$/, 5],
  [/^src\/features\/.*routes\.ts$/, 4],
  [/^src\/http\//, 4],
  [/^src\/features\//, 3],
  [/^src\/(modules|upstream|adapters)\//, 2],
  [/^src\/announcements\.ts$/, 1],
  [/^src\/(config|db|errors|ports)\//, 1],
  [/^src\/lib\//, 0],
]
const floorOf = (file: string) => floors.find(([pattern]) => pattern.test(file))?.[1]

const ours = imports.filter(({ to }) => to.startsWith('src/'))

/** Packages that belong to one place. */
const homes: [RegExp, RegExp][] = [
  [/^node:/, /^src\/(entry|adapters\/(async-context|evidence-folder|libsql|node-http|redis|v8|websocket-node|zlib))\//],
  [/^cloudflare:/, /^src\/(entry\/worker\/|adapters\/(d1|durable-object|kv|websocket-worker)\/)/],
  [/^@hono\/node-server/, /^src\/(entry|adapters\/websocket-node)\//],
  [/^libsql$/, /^src\/adapters\/libsql\/threads\//],
  [/^@libsql\/client/, /^src\/adapters\/libsql\//],
  [/^ioredis/, /^src\/adapters\/redis\//],
  [/^undici/, /^src\/adapters\/node-http\/undici\//],
  [/^ws$/, /^src\/(entry|adapters\/websocket-node)\//],
  [/^prom-client/, /^src\/(entry|adapters\/prometheus)\//],
  [/^unstorage/, /^src\/adapters\//],
  [/^eventsource-parser/, /^src\/modules\/chat\//],
  [/^esbuild/, /^src\/entry\/cli\/(build|dev|server-bundle)\.ts$/],
]

describe('the architecture', () => {
  it('sees the files and their imports', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(ours.length).toBeGreaterThan(100)
  })

  it('knows the floor of every file', () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([])
  })

  it('lets imports point down or sideways, never up', () => {
    const upward = ours.filter(({ from, to }) => (floorOf(to) ?? 9) > (floorOf(from) ?? 0))
    expect(upward.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('keeps features apart from one another and from adapters', () => {
    const featureOf = (file: string) => /^src\/features\/([^/]+)\//.exec(file)?.[1]
    const crossing = ours.filter(({ from, to }) => {
      const feature = featureOf(from)
      if (!feature) return false
      return to.startsWith('src/adapters/') || (featureOf(to) !== undefined && featureOf(to) !== feature)
    })
    expect(crossing).toEqual([])
  })

  it('gives ports one door', () => {
    const past = ours.filter(
      ({ from, to }) => to.startsWith('src/ports/') && to !== 'src/ports/index.ts' && !from.startsWith('src/ports/'),
    )
    expect(past.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('lets nothing import an entry', () => {
    expect(ours.filter(({ from, to }) => to.startsWith('src/entry/') && !from.startsWith('src/entry/'))).toEqual([])
  })

  it.each(homes)('keeps %s where it belongs', (name, home) => {
    const strangers = imports.filter(({ from, to }) => name.test(to) && !home.test(from))
    expect(strangers.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('never asks which runtime it is on', () => {
    const asking = /navigator\.userAgent|process\.versions|typeof (?:process|Deno|Bun|WebSocketPair)|getRuntimeKey/
    const outside = files.filter((file) => !file.startsWith('src/entry/'))
    expect(outside.filter((file) => asking.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('says in the first line of every file what it is for', () => {
    const silent = files.filter(
      (file) => !/^\/\*\*/.test(readFileSync(join(root, file), 'utf8')) && !file.endsWith('.d.ts'),
    )
    expect(silent).toEqual([])
  })
})
