/** Dashboard and rules speak of metrics that exist, promtool accepts them, and each alert has its page. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import collectDefaultMetrics from 'prom-client/lib/defaultMetrics.js'
import Registry from 'prom-client/lib/registry.js'
import { describe, expect, it } from 'vitest'
import { hasPromtool } from '../support/promtool.ts'
import { testApp } from '../support/test-app.ts'

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const read = (path: string) => readFileSync(fileOf(path), 'utf8')

const rules = read('deploy/prometheus/rules.yml')
const unitTests = ['deploy/prometheus/rules.test.yml', 'deploy/prometheus/burn.test.yml']
const dashboard = JSON.parse(read('deploy/grafana/tentaculo-link.json')) as {
  panels: { id: number; title: string; targets: { expr: string }[] }[]
}
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

/** Of the gateway on Node, and what Prometheus and the rules make themselves. */
async function catalogue(): Promise<Set<string>> {
  const { deps } = testApp()
  deps.metrics.watchLogLines(() => 0)
  deps.metrics.watchTraces(() => ({ exported: 0, dropped: {}, waiting: 0 }))
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const text = (await deps.metrics.render()).body + (await registry.metrics())
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  )
  return new Set([...names, ...[...rules.matchAll(/record: (\S+)/g)].map(([, name = '']) => name)])
}

/** Without strings, labels of grouping and what is in braces: functions and keywords are followed by a parenthesis. */
const metricsIn = (text: string): string[] =>
  text
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .match(/\b(?:vx11|shub|cache|rate_limit|process|nodejs)[\w:]*(?=[\s[)]|$)/g)
    ?.filter((name) => name.includes('_')) ?? []

describe('deploy/', () => {
  it('names metrics that the gateway has, and no other', async () => {
    const known = await catalogue()
    const inRules = [...rules.matchAll(/expr: (?:\|\n((?: {10}.*\n?)+)|(.+))/g)].flatMap(([, block, line]) =>
      metricsIn(block ?? line ?? ''),
    )
    const used = [...inRules, ...expressions.flatMap(metricsIn)]
    expect(new Set(inRules).size).toBeGreaterThan(20)
    expect(new Set(used.filter((name) => !known.has(name)))).toEqual(new Set())
  })

  it('leads from each alert to a section of docs/alerts.md, and from each section to an alert', () => {
    const anchors = [...read('docs/alerts.md').matchAll(/^## (\w+)$/gm)].map(([, title = '']) => title.toLowerCase())
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)]
    const links = [...rules.matchAll(/runbook: docs\/alerts\.md#(\w+)/g)].map(([, anchor = '']) => anchor)
    expect(links).toHaveLength(alerts.length)
    expect(new Set(links)).toEqual(new Set(anchors.filter((anchor) => anchor !== 'objectives')))
  })

  it('has a unit test of each alert that makes it sound, and one in which it does not', () => {
    const tests = unitTests.map(read).join('')
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)
    const sounding = [...tests.matchAll(/alertname: (\w+)\n +exp_alerts:\n +- exp_labels/g)].map(([, name]) => name)
    const silent = [...tests.matchAll(/alertname: (\w+)(?:, |\n +)exp_alerts: \[\]/g)].map(([, name]) => name)
    expect(alerts.filter((name) => !sounding.includes(name))).toEqual([])
    expect(alerts.filter((name) => !silent.includes(name))).toEqual([])
  })

  it('begins at zero what is watched for its rise', async () => {
    const { deps } = testApp()
    deps.metrics.watchTraces(() => ({ exported: 0, dropped: { refused: 2 }, waiting: 0 }))
    deps.metrics.webhookConfigured('ops')
    const { body } = await deps.metrics.render()
    for (const line of [
      'vx11_trace_spans_dropped_total{reason="queue_full"} 0',
      'vx11_trace_spans_dropped_total{reason="refused"} 2',
      'vx11_webhook_attempts_total{webhook="ops",outcome="given_up"} 0',
      'vx11_audit_not_stored_total 0',
    ])
      expect(body).toContain(line)
  })

  it('gives each panel an id, a title and a query of its own', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(ids.length)
    for (const { targets } of dashboard.panels) expect(targets.length).toBeGreaterThan(0)
  })
})

describe.skipIf(!hasPromtool)('promtool', () => {
  const run = (args: string[]) => spawnSync('promtool', args, { encoding: 'utf8' })

  it('accepts the rules, and their unit tests pass', () => {
    const checked = run(['check', 'rules', fileOf('deploy/prometheus/rules.yml')])
    expect(checked.stdout + checked.stderr).toContain('SUCCESS')
    const tested = run(['test', 'rules', ...unitTests.map(fileOf)])
    expect({ status: tested.status, said: tested.stdout + tested.stderr }).toMatchObject({ status: 0 })
  })

  it('accepts every query of the dashboard', async () => {
    const written = expressions.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'))
    const lines = written.map((expr, nth) => `  - record: panel:${nth}\n    expr: ${JSON.stringify(expr)}`)
    const folder = await mkdtemp(join(tmpdir(), 'panels-'))
    const file = join(folder, 'panels.yml')
    await writeFile(file, `groups:\n- name: panels\n  rules:\n${lines.join('\n')}\n`)
    const checked = run(['check', 'rules', file])
    await rm(folder, { recursive: true })
    expect({ status: checked.status, said: checked.stdout + checked.stderr }).toMatchObject({ status: 0 })
  })
})
