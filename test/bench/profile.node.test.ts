import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { unusedShares } from '../../bench/profile/features.ts'
import type { CpuProfile } from '../../bench/profile/inspector.ts'
import { hottest, type Layer, layerShares } from '../../bench/profile/layers.ts'
import { mapToSources } from '../../bench/profile/sources.ts'

type Node = CpuProfile['nodes'][number]

const node = (id: number, functionName: string, url: string, children: number[] = []): Node => ({
  ...{ id, children, hitCount: 0 },
  callFrame: { functionName, url, scriptId: '1', lineNumber: 9, columnNumber: 0 },
})
const profile = (nodes: Node[], samples: number[]): CpuProfile => ({ nodes, samples, startTime: 0, endTime: 1 })
const partOf = (taken: CpuProfile, layer: Layer) => layerShares(taken).find(({ key }) => key === layer)?.part

describe('layerShares', () => {
  const nodes = [
    node(1, '(root)', '', [2, 3, 4, 5]),
    node(2, '(idle)', ''),
    node(3, '(garbage collector)', ''),
    node(4, 'parserOnHeadersComplete', 'node:_http_common', [6]),
    node(5, '(program)', ''),
    node(6, 'guards', 'file:///x/src/http/guards/guards.ts', [7, 8, 11]),
    node(7, 'decide', 'file:///x/src/lib/gcra.ts'),
    node(8, 'send', 'file:///x/src/adapters/node-http/http1/connection.ts', [9, 10]),
    node(9, 'Socket._writeGeneric', 'node:net'),
    node(10, 'writeUtf8String', ''),
    node(11, 'line', 'file:///x/src/adapters/log/json-log.ts'),
  ]

  it('gives each function to the layer of its file, and the rest to its caller', () => {
    const taken = profile(nodes, [4, 6, 7, 8, 9, 10, 11, 3, 5, 5])
    expect(partOf(taken, 'server')).toBeCloseTo(0.1)
    expect(partOf(taken, 'guards')).toBeCloseTo(0.2)
    expect(partOf(taken, 'transport')).toBeCloseTo(0.2)
    expect(partOf(taken, 'writes')).toBeCloseTo(0.1)
    expect(partOf(taken, 'log')).toBeCloseTo(0.1)
    expect(partOf(taken, 'gc')).toBeCloseTo(0.1)
    expect(partOf(taken, 'native')).toBeCloseTo(0.2)
  })

  it('counts what is idle as a part of all, and the others of the rest', () => {
    const taken = profile(nodes, [2, 2, 2, 6])
    expect(partOf(taken, 'idle')).toBe(0.75)
    expect(partOf(taken, 'guards')).toBe(1)
  })

  it('names the functions that took most by themselves', () => {
    expect(hottest(profile(nodes, [2, 7, 7, 6, 10]), 2)).toEqual([
      { key: 'decide src/lib/gcra.ts:10', part: 0.5 },
      { key: 'guards src/http/guards/guards.ts:10', part: 0.25 },
    ])
  })
})

describe('unusedShares', () => {
  it('gives to a feature what its files call, too, and leaves out what is idle', () => {
    const nodes = [
      node(1, 'guards', 'file:///x/src/http/guards/guards.ts', [2, 5]),
      node(2, 'wakeGuard', 'file:///x/src/http/wake/wake-guard.ts', [3]),
      node(3, 'header', 'file:///x/node_modules/hono/dist/request.js', [4]),
      node(4, 'get', ''),
      node(5, '(idle)', ''),
    ]
    const shares = unusedShares(profile(nodes, [1, 1, 1, 2, 3, 4, 5, 5, 1, 1]))
    expect(shares.find(({ key }) => key.startsWith('waking'))?.part).toBe(3 / 8)
    expect(shares.filter(({ part }) => part > 0)).toHaveLength(1)
    expect(unusedShares(profile(nodes, [])).every(({ part }) => part === 0)).toBe(true)
  })
})

describe('mapToSources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vx11-profile-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('moves the frames of a bundle to the files they were written in', () => {
    writeFileSync(join(folder, 'part.ts'), '\n\nexport function hot(n: number): number {\n  return n * 2\n}\n')
    writeFileSync(join(folder, 'main.ts'), "import { hot } from './part.ts'\nconsole.log(hot(1))\n")
    const outfile = join(folder, 'dist/main.js')
    buildSync({ entryPoints: [join(folder, 'main.ts')], outfile, bundle: true, sourcemap: true, format: 'esm' })
    const bundled = { ...node(1, 'hot', pathToFileURL(outfile).href) }
    // esbuild writes a line with the path before each file, so that the function stands on the second.
    bundled.callFrame = { ...bundled.callFrame, lineNumber: 1, columnNumber: 9 }
    const [moved] = mapToSources(profile([bundled, node(2, 'x', 'node:net')], [])).nodes
    expect(moved?.callFrame.url).toBe(pathToFileURL(join(folder, 'part.ts')).href)
    expect(moved?.callFrame.lineNumber).toBe(2)
  })

  it('leaves what has no map', () => {
    const taken = profile([node(1, 'x', 'node:net'), node(2, 'y', ''), node(3, 'z', 'file:///nowhere/z.js')], [])
    expect(mapToSources(taken)).toEqual(taken)
  })
})
