/** The truth of real gateways over services that are up, silent, gone and dormant; and the two commands beside one. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DriftReport } from '../../src/features/truth/drift/schema.ts'
import { GateReport } from '../../src/features/truth/gates/schema.ts'
import { RuntimeTruthReport } from '../../src/features/truth/schema.ts'
import { runBeside } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway, startWorkerGateway, token } from '../support/gateways.ts'
import { startShub } from '../support/simulators/shub.ts'

let shub: Awaited<ReturnType<typeof startShub>>
let silent: Server
let env: Record<string, string>

beforeAll(async () => {
  shub = await startShub({ token })
  // Takes every request and answers none.
  silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  env = {
    SHUB_URL: shub.url,
    OPERATOR_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    SWITCH_URL: `http://127.0.0.1:${await freePort()}`,
  }
})
afterAll(async () => {
  silent.closeAllConnections()
  silent.close()
  await shub.close()
})

const expected = {
  tentaculo_link: 'OK',
  madre: 'OK',
  switch: 'OFF_BY_POLICY',
  hermes: 'UNKNOWN',
  hormiguero: 'UNKNOWN',
  manifestator: 'UNKNOWN',
  mcp: 'UNKNOWN',
  shubniggurath: 'OK',
  spawner: 'UNKNOWN',
  operator: 'BROKEN',
}

const run = async (command: string, gateway: Gateway, more: Record<string, string> = {}) => {
  const { status, out, err } = await runBeside(gateway, [command], { ...env, ...more })
  return { status, output: out + err }
}

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('a gateway on %s', (_runtime, start) => {
  it('tells of each service what is so', async () => {
    const gateway = await start(env)
    try {
      const report = v.parse(RuntimeTruthReport, await (await gateway.fetch('/operator/api/truth')).json())
      expect(Object.fromEntries(report.services.map(({ service, status }) => [service, status]))).toEqual(expected)
      const gates = v.parse(GateReport, await (await gateway.fetch('/operator/api/gates')).json())
      expect(gates.gates.find(({ gate }) => gate === 'degraded_fallback')).toMatchObject({ verdict: 'pass' })
      expect(gates.gates.find(({ gate }) => gate === 'service_health')).toMatchObject({ verdict: 'fail' })
      const drift = v.parse(DriftReport, await (await gateway.fetch('/operator/api/drift', { method: 'POST' })).json())
      expect(drift).toMatchObject({ status: 'incomplete', unrecorded: null })
      expect(drift.areas.map(({ area, verdict }) => [area, verdict])).toContainEqual(['database', 'ok'])
      const contracts = drift.unknown.filter(({ area }) => area === 'contracts')
      expect(Object.fromEntries(contracts.map(({ module, reason }) => [module, reason]))).toMatchObject({
        ...{ madre: 'embedded', switch: 'asleep', operator: 'timeout', hermes: 'not_configured' },
      })
      // The simulated shub was asked and serves what the gateway needs.
      expect(contracts.some(({ module }) => module === 'shubniggurath')).toBe(false)
    } finally {
      await gateway.stop()
    }
  })
})

describe('the commands', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startNodeGateway(env)
  })
  afterAll(() => gateway.stop())

  it('truth prints the table, writes the report, and ends with 1 for a broken service', async () => {
    const { status, output } = await run('truth', gateway)
    for (const [service, verdict] of Object.entries(expected))
      expect(output).toMatch(new RegExp(`^${service} +\\d+ +. ${verdict}`, 'm'))
    expect(output).toContain('3/10 OK, 1 BROKEN, 1 OFF_BY_POLICY, 5 UNKNOWN')
    expect(status).toBe(1)
    const report = await readFile(join(gateway.folder, 'data/reports/VX11_RUNTIME_TRUTH_REPORT.md'), 'utf8')
    expect(report).toContain('- **BROKEN:** 1/10')
    expect((await run('truth', gateway, { OPERATOR_URL: '' })).status).toBe(0)
  })

  it('gates prints the nine verdicts, and ends with 1 for one that failed', async () => {
    const { status, output } = await run('gates', gateway)
    expect(output.match(/^(PASS|FAIL|SKIP) {2}/gm)).toHaveLength(9)
    expect(output).toContain('- operator: timeout')
    expect(status).toBe(1)
  })

  it('drift audits, writes its report, and ends with 1 only where small drifts count', async () => {
    const { status, output } = await run('drift', gateway)
    expect(output).toMatch(/^database +ok +88 +0 +0$/m)
    expect(output).toContain('contracts madre: embedded')
    expect(status).toBe(0)
    const report = await readFile(join(gateway.folder, 'data/reports/VX11_DRIFT_REPORT.md'), 'utf8')
    expect(report).toContain('| contracts | madre | embedded |')
    const last = await runBeside(gateway, ['drift', '--last', '--strict', '--json'], env)
    expect(last.status).toBe(1)
    expect(v.parse(DriftReport, JSON.parse(last.out))).toMatchObject({ status: 'incomplete', trigger: 'request' })
  })

  it('end with a status and a reason where they cannot ask', async () => {
    const elsewhere = await run('gates', gateway, { PORT: String(await freePort()) })
    expect(elsewhere).toMatchObject({
      status: 3,
      output: expect.stringContaining('No gateway answers at http://127.0.0.1'),
    })
    const stranger = await run('gates', gateway, { VX11_TENTACULO_LINK_TOKEN: 'not-the-token' })
    expect(stranger).toMatchObject({ status: 1, output: expect.stringContaining('403 forbidden') })
    const misconfigured = await run('truth', gateway, { VX11_BREAKER_FAILURES: 'many' })
    expect(misconfigured).toMatchObject({ status: 1, output: expect.stringContaining('VX11_BREAKER_FAILURES') })
  })
})
