/** Probes all services, beside a running gateway or without one, and shows a table. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fileDatabase } from '../../../adapters/libsql/file.ts'
import { sharedRemoteDatabase } from '../../../adapters/libsql/remote.ts'
import { undiciTransport } from '../../../adapters/node-http/undici/transport.ts'
import { systemClock } from '../../../adapters/system/clock.ts'
import { systemRandom } from '../../../adapters/system/random.ts'
import { type Config, upstreamNames } from '../../../config/config.ts'
import type { Database } from '../../../db/database.ts'
import { TransportError } from '../../../errors/gateway-error.ts'
import { marks } from '../../../features/truth/report.ts'
import { runtimeTruth } from '../../../features/truth/service.ts'
import { truthStore } from '../../../features/truth/store.ts'
import { truthSummary } from '../../../features/truth/view.ts'
import { selfRequest } from '../../../http/routing/self-client.ts'
import type { TruthRound } from '../../../modules/health-history/truth-record.ts'
import { powerPolicy } from '../../../modules/power/power-policy.ts'
import type { AskSelf, Log, Transport, Upstreams } from '../../../ports/index.ts'
import { upstreamFor } from '../../../upstream/target.ts'
import { fileReports } from '../../node/report-files.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { commandConfig, type RunningGateway, runningGateway } from './running-gateway.ts'

export async function showTruth(options: GatewayCommandOptions): Promise<number> {
  const config = commandConfig()
  const gateway = runningGateway(options)
  const network = undiciTransport()
  const database = await openExisting(config)
  try {
    const round = await probe(config, gateway, network.transport, database)
    printResult(round, options.json, () => describeRound(round))
    return truthSummary(round.services).broken === 0 ? 0 : 1
  } finally {
    await Promise.all([network.close(), database.close()])
  }
}

async function probe(config: Config, gateway: RunningGateway, transport: Transport, database: Database) {
  const [clock, random] = [systemClock(), systemRandom()]
  const probes = connectProbes(config, gateway, transport)
  const policy = powerPolicy({ announce: () => {}, config, clock, random, probes })
  const answers = await gateway.client.getHealth().then(
    () => true,
    () => false,
  )
  const store = truthStore(database)
  const truth = runtimeTruth(
    {
      ...{ config, clock, random, probes, policy, database, log },
      ask: askOver(gateway),
      announce: ({ summary }) => process.stderr.write(`${summary}\n`),
      reports: fileReports(join(config.dataDir, 'reports')),
    },
    // A running gateway records probes and announces changes itself.
    answers ? { ...store, takeTurn: async () => false } : store,
  )
  return truth.probe()
}

/** An embedded madre is probed through the gateway. */
function connectProbes(config: Config, { url, token }: RunningGateway, transport: Transport): Upstreams {
  const embedded: Transport = (address, init) => {
    const { pathname, search } = new URL(address)
    // The gateway's own Via header would be detected as a loop.
    const { via: _via, ...headers } = init.headers
    return transport(url + pathname + search, { ...init, headers: { ...headers, 'x-vx11-token': token } })
  }
  const probes = upstreamNames.map((name) => [
    name,
    upstreamFor(name, config.upstreams[name], { url: transport, embedded }),
  ])
  return Object.fromEntries(probes.filter(([, upstream]) => upstream !== undefined))
}

/** Does not create the file: a missing file counts as an unavailable database. */
async function openExisting({ database: { url, authToken } }: Config): Promise<Database> {
  if (!url.startsWith('file:')) return sharedRemoteDatabase({ url, authToken: authToken ?? undefined })
  const path = fileURLToPath(new URL(url, pathToFileURL(`${process.cwd()}/`)))
  if (existsSync(path)) return fileDatabase(url)
  return {
    open: () => {
      throw new Error('there is no database file yet')
    },
    ping: () => Promise.reject(new Error('there is no database file yet')),
    close: async () => {},
  }
}

const quiet = () => {}
const log: Log = {
  debug: quiet,
  info: quiet,
  warn: (event, fields) => process.stderr.write(`${event}: ${fields?.reason ?? ''}\n`),
  error: (event, fields) => process.stderr.write(`${event}: ${fields?.reason ?? ''}\n`),
}

/** Rejects with TransportError `unreachable` if there is no gateway. */
const askOver =
  ({ url, token }: RunningGateway): AskSelf =>
  (path, init) =>
    fetch(selfRequest(url + path, token, init)).catch((error) => {
      throw new TransportError('unreachable', { cause: error })
    })

function describeRound({ at, services, reportPath }: TruthRound): string {
  const rows = services.map(({ service, port, status, http_code, latency_ms, endpoint_ok, reason }) =>
    [service, port, `${marks[status]} ${status}`, http_code, latency_ms, endpoint_ok ?? reason].map((cell) =>
      visible(String(cell ?? '—')),
    ),
  )
  const { ok, broken, off_by_policy, unknown, total } = truthSummary(services)
  const summary = `${ok}/${total} OK, ${broken} BROKEN, ${off_by_policy} OFF_BY_POLICY, ${unknown} UNKNOWN`
  const heading = ['Service', 'Port', 'Status', 'Code', 'ms', 'Path or reason']
  return `${table([heading, ...rows])}\n\n${summary} at ${new Date(at).toISOString()}\nReport: ${reportPath ?? 'not written'}`
}
