/** `npm run bench -- --profile`: where the gateway's processor time goes under one load. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../test/support/free-port.ts'
import type { LoadCase } from '../cases.ts'
import { drive } from '../load/http.ts'
import { loadOf, warmUp } from '../measure/load.ts'
import { cpuSecondsOf, mainThreadSecondsOf } from '../method/proc.ts'
import { renderTable } from '../report/markdown.ts'
import { figure, type Table } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { project } from '../targets/bundle.ts'
import { startGateway } from '../targets/targets.ts'
import { unusedShares } from './features.ts'
import { profileWhile } from './inspector.ts'
import { hottest, layerShares } from './layers.ts'
import { mapToSources } from './sources.ts'

const folder = join(project, 'bench/profiles')

/** What the terminal shows; the profile itself is written for the tools that browsers have for it. */
export async function profileLoad({ bundle, upstream, options }: Bench, loadCase: LoadCase): Promise<string> {
  const inspector = await freePort()
  const nodeOptions = [`--inspect=127.0.0.1:${inspector}`, '--inspect-publish-uid=http']
  const gateway = await startGateway('gateway', bundle, upstream, loadCase.gatewayEnv, nodeOptions)
  const load = loadOf(loadCase, gateway, options.seconds * 5)
  await warmUp(gateway, load, loadCase.status, options.warmUpSeconds)
  let spent = { requests: 0, mainUs: 0, allUs: 0 }
  const raw = await profileWhile(inspector, async () => {
    const [main, all] = [mainThreadSecondsOf(gateway.pid), cpuSecondsOf(gateway.pid)]
    const { requests } = await drive(load)
    const after = cpuSecondsOf(gateway.pid)
    const allSeconds = after.user + after.system - all.user - all.system
    spent = { requests, mainUs: (mainThreadSecondsOf(gateway.pid) - main) * 1e6, allUs: allSeconds * 1e6 }
  })
  await gateway.stop()
  const profile = mapToSources(raw)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${loadCase.name}.cpuprofile`)
  writeFileSync(file, JSON.stringify(profile))
  const { requests, mainUs, allUs } = spent
  const unused = { head: ['not used', 'part', 'us/request'], rows: rowsOf(unusedShares(profile), mainUs / requests, 3) }
  const functions = { head: ['function', 'part', 'us/request'], rows: rowsOf(hottest(profile, 30), mainUs / requests) }
  const title = `${loadCase.title}: ${requests} requests, ${figure(allUs / requests, 1)} us of processor time each`
  return [
    title,
    renderTable(layerTable(profile, spent)),
    renderTable(unused),
    renderTable(functions),
    `written to ${file}`,
  ].join('\n\n')
}

function layerTable(
  profile: Parameters<typeof layerShares>[0],
  { requests, mainUs, allUs }: { requests: number; mainUs: number; allUs: number },
): Table {
  const shares = layerShares(profile)
  const busy = shares.filter(({ key }) => key !== 'idle')
  const idle = shares.find(({ key }) => key === 'idle')?.part
  return {
    head: ['layer', 'part', 'us/request'],
    rows: [
      ...rowsOf(busy, mainUs / requests),
      ['main thread', percent(1), figure(mainUs / requests, 2)],
      ['other threads, with the profiler', '-', figure((allUs - mainUs) / requests, 2)],
      ['idle', `${percent(idle ?? Number.NaN)} of the time`, '-'],
    ],
  }
}

const rowsOf = (shares: readonly { key: string; part: number }[], usPerRequest: number, digits = 2) =>
  shares.map(({ key, part }) => [key, percent(part), figure(part * usPerRequest, digits)])

const percent = (part: number) => (Number.isFinite(part) ? `${figure(part * 100, 1)} %` : '-')
