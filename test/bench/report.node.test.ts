import { describe, expect, it } from 'vitest'
import { healthRise, judge } from '../../bench/promises.ts'
import { escapeXml, renderChart } from '../../bench/report/chart.ts'
import { replaceBlock } from '../../bench/report/files.ts'
import { renderResults, renderTable } from '../../bench/report/markdown.ts'
import {
  type AcrossResults,
  type Conditions,
  type LoadResults,
  mergeResults,
  noResults,
  type OperatorDataResults,
  type TargetResult,
} from '../../bench/results.ts'

const conditions: Conditions = {
  node: 'v24.0.0',
  cpu: 'A <fast> CPU',
  cores: 2,
  loadAverage: 0.1,
  measuredAt: '2026-01-02T03:04:05.678Z',
  loadTool: 'wrk',
  rounds: 5,
  seconds: 3,
  connections: 32,
}

const target = (name: string, perSecond: number, ratio: number | null): TargetResult => ({
  name,
  perSecond,
  p50Ms: 1,
  p99Ms: 2,
  cpuUsPerRequest: 30,
  peakMiB: 150,
  spread: 0.1,
  idleMiB: 80,
  gatewayRatio: ratio === null ? null : { median: ratio, min: ratio - 0.1, max: ratio + 0.1 },
})

const load = (name: string, targets: TargetResult[]): LoadResults => ({
  kind: 'load',
  name,
  title: `The case ${name}`,
  conditions,
  targets,
})

const oneCase = {
  start: { conditions, readyMs: 400, idleMiB: 91 },
  cases: [load('get-1k', [target('gateway', 20_000, null), target('fastify-http-proxy', 15_000, 1.3)])],
}

const times = (p99Ms: number) => ({ n: 1000, p50Ms: 1, p99Ms, maxMs: 40.25 })

const operatorData: OperatorDataResults = {
  kind: 'operator-data',
  name: 'operator-data',
  title: 'Views',
  conditions,
  rows: 1_150_000,
  events: 5000,
  adoptMs: 1250,
  readyMs: 1001,
  views: [
    { path: '/operator/api/status', ...times(4) },
    { path: '/operator/api/events?type=error', ...times(10) },
  ],
  health: [
    { when: 'before', ...times(1) },
    { when: 'during', ...times(6.5) },
    { when: 'after', ...times(2) },
  ],
}

describe('judge', () => {
  it('holds medians against the promises, the limit itself included', () => {
    const verdicts = judge(oneCase)
    const kept = (what: string) => verdicts.find((verdict) => verdict.what === what)?.kept
    expect(kept('proxied GET, 1 KB, against fastify-http-proxy')).toBe(true)
    expect(kept('start on an existing database')).toBe(true)
    expect(kept('memory, idle')).toBe(false)
    expect(kept('memory, under load')).toBe(true)
  })

  it('holds the slowest view, and what maintenance adds to the slower of the stretches without it', () => {
    const verdicts = judge({ start: null, cases: [operatorData] })
    const of = (what: string) => verdicts.find((verdict) => verdict.what === what)
    expect(of('adoption of a legacy database')).toMatchObject({ found: '1.25 s', kept: true })
    expect(of('start on the adopted database')).toMatchObject({ found: '1.00 s', kept: false })
    expect(of("the operator's slowest view, p99")).toMatchObject({ found: '10.0 ms', kept: true })
    expect(of('/health beside maintenance, rise of p99')).toMatchObject({ found: '4.50 ms', kept: true })
    const busy = { ...operatorData, conditions: { ...conditions, loadAverage: 2 } }
    const kept = judge({ start: null, cases: [busy] }).map((verdict) => verdict.kept)
    expect(new Set(kept)).toEqual(new Set([null]))
  })

  it('knows no rise where a stretch was not measured', () => {
    expect(healthRise([])).toBeNaN()
    expect(healthRise([{ when: 'during', ...times(1) }])).toBeNaN()
  })

  it('claims nothing from a machine that was busy with something else', () => {
    const busy = { ...conditions, loadAverage: 2 }
    const verdicts = judge({
      start: { ...oneCase.start, conditions: busy },
      cases: oneCase.cases.map((result) => ({ ...result, conditions: busy })),
    })
    expect(verdicts.map(({ kept }) => kept)).toEqual(verdicts.map(() => null))
    expect(verdicts[0]?.found).toContain('1.30 x')
  })

  it('says nothing about what was not measured', () => {
    expect(new Set(judge(noResults).map(({ kept }) => kept))).toEqual(new Set([null]))
  })
})

describe('events to another instance', () => {
  const row = (runtime: 'Node' | 'workerd', lagP99Ms: number, lost = 0) =>
    ({ runtime, postedTo: 1, posted: 500, lagP50Ms: 5, lagP99Ms, lagMaxMs: 200, lost }) as const
  const across = (...pairs: AcrossResults['pairs']): AcrossResults => ({
    ...{ kind: 'across', name: 'across', title: 'Across', conditions },
    ...{ perSecond: 50, readers: 5, pairs },
  })
  const keptBy = (results: AcrossResults) =>
    judge({ start: null, cases: [results] })
      .filter(({ what }) => what.startsWith('events to another'))
      .map(({ kept }) => kept)

  it('are judged by the slower row of each runtime, and by each that is lost', () => {
    expect(keptBy(across(row('Node', 20), row('Node', 100), row('workerd', 9)))).toEqual([true, true, true])
    expect(keptBy(across(row('Node', 20), row('Node', 101), row('workerd', 9, 1)))).toEqual([false, true, false])
  })

  it('are not judged on a runtime that was not measured', () => {
    expect(keptBy(across(row('workerd', 9)))).toEqual([null, true, true])
  })

  it('are shown with the longest lag', () => {
    expect(renderResults({ start: null, cases: [across(row('Node', 20))] })).toMatch(
      /\| Node +\| the other one \| +50 \| +500 \| +5 \| +5\.00 \| +20\.00 \| +200\.00 \| +0 \|/,
    )
  })
})

describe('mergeResults', () => {
  it('keeps the last figures of a case that was not run again, in the order of the table', () => {
    const old = { start: oneCase.start, cases: [load('cached', []), load('get-1k', [])] }
    const merged = mergeResults(old, { start: null, cases: [load('get-1k', [target('gateway', 1, null)])] }, [
      'get-1k',
      'cached',
    ])
    expect(merged.start).toBe(oneCase.start)
    expect(merged.cases.map(({ name }) => name)).toEqual(['get-1k', 'cached'])
    expect(merged.cases[0]).toMatchObject({ targets: [{ perSecond: 1 }] })
  })
})

describe('renderResults', () => {
  it('shows ratios with their range, and the conditions', () => {
    const text = renderResults(oneCase)
    expect(text).toContain('1.30 (1.20 to 1.40)')
    expect(text).toContain('2026-01-02 03:04 UTC, 2 cores of A <fast> CPU, Node v24.0.0')
    expect(text).not.toContain('not quiet')
  })

  it('shows each view and each stretch of an operator-data run', () => {
    const text = renderResults({ start: null, cases: [operatorData] })
    expect(text).toMatch(/^\| 1150000 +\| +1\.25 \| +1\.00 \| +5000 \|$/m)
    expect(text).toMatch(/^\| \/operator\/api\/events\?type=error \| +1000 \| +1\.00 \| +10\.00 \| +40\.3 \|$/m)
    expect(text).toMatch(/^\| during +\| +1000 \| +1\.00 \| +6\.50 \| +40\.3 \|$/m)
  })

  it('warns of a machine that was not quiet', () => {
    const busy = { ...conditions, loadAverage: 0.71 }
    expect(renderResults({ start: null, cases: [{ ...load('cached', []), conditions: busy }] })).toContain('not quiet')
  })
})

describe('renderTable', () => {
  it('makes columns as wide as their widest cell', () => {
    expect(renderTable(['a', 'b'], [['long', '1']])).toBe('| a    |   b |\n|------|----:|\n| long |   1 |')
  })
})

describe('renderChart', () => {
  it('draws a bar for each target, the fastest first', () => {
    const svg = renderChart(oneCase)
    expect(svg.match(/<rect /g)).toHaveLength(2)
    expect(svg.indexOf('>gateway<')).toBeLessThan(svg.indexOf('>fastify-http-proxy<'))
    expect(svg).toContain('20.0 k')
  })

  it('escapes what XML reads as syntax', () => {
    expect(escapeXml(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&apos;')
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
