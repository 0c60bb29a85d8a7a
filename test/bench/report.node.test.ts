import { describe, expect, it } from 'vitest'
import { healthRise } from '../../bench/measure/operator-data.ts'
import type { Estimate } from '../../bench/method/stats.ts'
import { escapeXml, renderChart } from '../../bench/report/chart.ts'
import { replaceBlock } from '../../bench/report/files.ts'
import { renderGrowth } from '../../bench/report/growth-chart.ts'
import { renderResults, renderTable } from '../../bench/report/markdown.ts'
import { judge, promises } from '../../bench/report/promises.ts'
import {
  type CaseResults,
  type Conditions,
  figure,
  mergeResults,
  roundsTold,
  shown,
  single,
} from '../../bench/report/results.ts'
import { hasCase } from '../../bench/run-case.ts'

const quiet: Conditions = {
  ...{ node: 'v24.0.0', cpu: 'A <fast> CPU', cores: 2, loadAverage: 0.1 },
  measuredAt: '2026-01-02T03:04:05.678Z',
}
const loud: Conditions = { ...quiet, loadAverage: 9 }

const result = (name: string, readings: CaseResults['readings'], conditions = quiet): CaseResults => ({
  ...{ name, title: `The case ${name}`, conditions, method: 'measured well', readings },
  tables: [{ head: ['target', 'figure'], rows: [['gateway', '1']] }],
})
const between = (low: number, high: number): Estimate => ({ value: (low + high) / 2, low, high })
const keptBy = (results: CaseResults[], what: RegExp) => judge(results).find((one) => what.test(one.what))?.kept

describe('judge', () => {
  const ratio = (estimate: Estimate, conditions = loud) =>
    keptBy([result('get-1k', { 'fastify-http-proxy': estimate }, conditions)], /1 KB.*fastify/)

  it('lets an interval decide where it lies on one side of the limit, however loud the machine', () => {
    expect(ratio(between(0.7, 0.75))).toBe(true)
    expect(ratio(between(0.76, 0.8))).toBe(false)
    expect(ratio(between(0.74, 0.76))).toBeNull()
  })

  it('does not hold what the clock counts on a loud machine against anyone', () => {
    const p99 = (ms: number, conditions: Conditions) =>
      keptBy([result('events', { 'ingest p99': single(ms) }, conditions)], /ingest.*p99/)
    expect(p99(19, loud)).toBe(true)
    expect(p99(21, loud)).toBeNull()
    expect(p99(21, quiet)).toBe(false)
  })

  it('takes the memory of the hungriest case, and not that of a process at rest', () => {
    const of = (...mib: number[]) => mib.map((value, n) => result(`case-${n}`, { memory: single(value) }))
    expect(keptBy([...of(200, 256), result('start', { memory: single(300) })], /any load/)).toBe(true)
    expect(keptBy(of(257, 200), /any load/)).toBe(false)
  })

  it('says nothing about what was not measured', () => {
    expect(new Set(judge([]).map(({ kept }) => kept))).toEqual(new Set([null]))
    expect(ratio(single(Number.NaN))).toBeNull()
    expect(keptBy([result('events', {})], /ingest.*p99/)).toBeNull()
  })

  it('knows the case of each promise', () => {
    const unknown = promises.filter(({ caseName }) => caseName !== '*' && !hasCase(caseName))
    expect(unknown).toEqual([])
  })
})

describe('healthRise', () => {
  const times = (p99Ms: number) => ({ n: 1000, p50Ms: 1, p99Ms, maxMs: 40 })

  it('is what maintenance adds to the slower of the stretches without it', () => {
    const rows = [
      { when: 'before', ...times(1) },
      { when: 'during', ...times(6.5) },
      { when: 'after', ...times(2) },
    ] as const
    expect(healthRise(rows)).toBe(4.5)
  })

  it('is unknown where a stretch was not measured', () => {
    expect(healthRise([])).toBeNaN()
    expect(healthRise([{ when: 'during', ...times(1) }])).toBeNaN()
  })
})

describe('figures', () => {
  it('never show what is no number', () => {
    const none = [Number.NaN, Number.POSITIVE_INFINITY, null, undefined]
    expect(none.map((value) => figure(value, 2))).toEqual(['-', '-', '-', '-'])
    expect(shown(single(Number.NaN))).toBe('-')
  })

  it('show the interval where there is one', () => {
    expect(shown(between(1, 1.5))).toBe('1.25 (1.00 to 1.50)')
    expect(shown(single(1.25), 1)).toBe('1.3')
  })

  it('tell how many rounds counted, and why others did not', () => {
    expect(roundsTold({ kept: 8, discarded: { 'uneven speed': 2, 'stolen time': 1 } }, 2)).toBe(
      '8 rounds of 2 s kept, 3 discarded (uneven speed 2, stolen time 1)',
    )
    expect(roundsTold({ kept: 8, discarded: {} }, 2)).toBe('8 rounds of 2 s kept, 0 discarded')
  })
})

describe('mergeResults', () => {
  it('keeps the last figures of a case that was not run again, in the order of the table', () => {
    const old = [result('cached', {}), result('get-1k', {})]
    const merged = mergeResults(old, [result('get-1k', { x: single(1) })], ['get-1k', 'cached'])
    expect(merged.map(({ name }) => name)).toEqual(['get-1k', 'cached'])
    expect(merged[0]?.readings).toEqual({ x: single(1) })
  })
})

describe('renderResults', () => {
  it('shows tables, method and conditions', () => {
    const text = renderResults([result('cached', { 'hono-json': between(1.2, 1.3) })])
    expect(text).toMatch(/^\| cached health answer.* \| +<= 1\.33 x \| 1\.25 \(1\.20 to 1\.30\) x \| +yes \|$/m)
    expect(text).toContain('2026-01-02 03:04 UTC, 2 cores of A <fast> CPU, Node v24.0.0')
    expect(text).toContain('measured well')
    expect(text).not.toContain('(above 0.7)')
  })

  it('warns of a machine that was not quiet', () => {
    const busy = { ...quiet, loadAverage: 0.71 }
    expect(renderResults([result('cached', {}, busy)])).toContain('(above 0.7)')
  })

  it('keeps prose within the width of the page', () => {
    const long = { ...result('cached', {}, loud), method: 'measured '.repeat(40).trim() }
    const prose = renderResults([long])
      .split('\n')
      .filter((line) => !line.startsWith('|'))
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(120)
    expect(prose.join(' ')).toContain(long.method)
  })
})

describe('renderTable', () => {
  it('makes columns as wide as their widest cell', () => {
    expect(renderTable({ head: ['a', 'b'], rows: [['long', '1']] })).toBe(
      '| a    |   b |\n|------|----:|\n| long |   1 |',
    )
  })
})

describe('renderChart', () => {
  it('draws a bar for each target, the cheapest first', () => {
    const bars = [
      { name: 'fastify-http-proxy', value: 60 },
      { name: 'gateway', value: 40.25 },
    ]
    const svg = renderChart([{ ...result('get-1k', {}), bars }, result('events', {})])
    expect(svg.match(/<rect /g)).toHaveLength(2)
    expect(svg.indexOf('>gateway<')).toBeLessThan(svg.indexOf('>fastify-http-proxy<'))
    expect(svg).toContain('40.3')
  })

  it('escapes what XML reads as syntax', () => {
    expect(escapeXml(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&apos;')
  })
})

describe('renderGrowth', () => {
  const lines = [
    { name: 'keys & more', points: [1, 10, 1000].map((n) => ({ n, value: 1 + n / 1000 })) },
    {
      name: 'streams',
      points: [
        { n: 0, value: 1 },
        { n: 10_000, value: Number.NaN },
      ],
    },
  ]

  it('draws a line for each, and leaves out what was not measured', () => {
    const svg = renderGrowth(lines)
    expect(svg.match(/<polyline /g)).toHaveLength(2)
    expect(svg.match(/<circle /g)).toHaveLength(4)
    expect(svg).toContain('>keys &amp; more<')
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  it('shows an empty field without lines', () => {
    expect(renderGrowth([])).not.toMatch(/NaN|Infinity|polyline/)
  })
})

describe('replaceBlock', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n'

  it('replaces what stands between the markers, and nothing else', () => {
    const once = replaceBlock(page, 'new')
    expect(once).toBe('before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n')
    expect(replaceBlock(once, 'new')).toBe(once)
  })

  it('fails without markers', () => {
    expect(() => replaceBlock('no page', 'new')).toThrow('markers')
  })
})
