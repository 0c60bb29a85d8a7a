/** Creates every service and every minutely job once from the ports. */

import { chatModelGauges } from './features/chat/rotation/gauges.ts'
import { type ChatService, chatService } from './features/chat/service.ts'
import { readinessReader } from './features/health/service.ts'
import { metricsFlush } from './features/metrics/flush.ts'
import { recorder } from './features/metrics/recorder.ts'
import { stateGauges } from './features/metrics/state-gauges.ts'
import { sessionRetention } from './features/sessions/retention.ts'
import { type ReadState, stateReader } from './features/status/reading.ts'
import { type Stored, storedReader } from './features/status/stored.ts'
import { type ReadView, viewReader } from './features/status/view-reader.ts'
import { type DriftAudit, driftAudit } from './features/truth/drift/service.ts'
import { type Gates, productionGates } from './features/truth/gates/service.ts'
import { type RuntimeTruth, runtimeTruth } from './features/truth/service.ts'
import { recordedWindows } from './features/windows/recorded.ts'
import { type WindowService, windowService } from './features/windows/service.ts'
import { type Wakes, windowWakes } from './features/windows/wake/service.ts'
import { wakeStore } from './features/windows/wake/store.ts'
import { selfClient } from './http/routing/self-client.ts'
import { actBeginner, type BeginAct } from './modules/audit/attempt.ts'
import { actRecorder, type RecordAct } from './modules/audit/record.ts'
import { type Configuration, runningConfiguration } from './modules/configuration/configuration.ts'
import { databaseHealth, type ReadDatabaseHealth } from './modules/database-health/database-health.ts'
import { rowCounter } from './modules/database-health/row-counts.ts'
import { announceExpiry } from './modules/embedded-madre/app.ts'
import { forgetKeys } from './modules/events/store/idempotency.ts'
import { type Forecasts, resourceForecasts } from './modules/forecast/forecasts.ts'
import { KeySet } from './modules/keys/key-set.ts'
import { keyPrincipals } from './modules/keys/principals.ts'
import { type PowerPolicy, powerPolicy } from './modules/power/power-policy.ts'
import { renewsWindows } from './modules/power/renewal.ts'
import { type ToldUse, toldUse } from './modules/power/told-use.ts'
import { configuredPrincipals } from './modules/principals/configured.ts'
import { rowLimit } from './modules/timeline/row-limit.ts'
import type { AskSelf, Deps, Principals } from './ports/index.ts'
import { openSockets } from './upstream/layers/activity.ts'
import { SocketSlots } from './upstream/websocket/socket-slots.ts'

/** The app as seen by its services. */
export interface OwnApp {
  fetch(request: Request, env: object): Response | Promise<Response>
  /** Builds a second app without upstreams and database, in milliseconds. */
  degradedTwin(): AskSelf
}

/** Runs once a minute; never rejects. */
type Job = () => Promise<unknown>

export interface Services extends Deps {
  principals: Principals
  keys: KeySet
  configuration: Configuration
  beginAct: BeginAct
  recordAct: RecordAct
  policy: PowerPolicy
  socketPlaces: SocketSlots
  chat: ChatService
  windows: WindowService
  wakes: Wakes
  /** At the end of a request that may have used a woken window. */
  tellUse: ToldUse['tell']
  truth: RuntimeTruth
  forecasts: Forecasts
  drift: DriftAudit
  gates: Gates
  readReadiness: ReturnType<typeof readinessReader>
  readDatabaseHealth: ReadDatabaseHealth
  readState: ReadState
  readView: ReadView
  stored: Stored
  /** Requests to the gateway's own routes, with scope `operator`. */
  ask: AskSelf
  /** The same for a chat command, which carries its caller's token. */
  dispatch: OwnApp['fetch']
  /** A timer runs them on Node, a cron trigger on workerd. */
  minutely: Readonly<Record<MinutelyJob, Job>>
}

export type MinutelyJob =
  | 'truth'
  | 'drift'
  | 'rowCounts'
  | 'chatProviders'
  | 'chatRotation'
  | 'forecasts'
  | 'sessionRetention'
  | 'readiness'
  | 'windowExpiry'
  | 'wakes'
  | 'metricsFlush'
  | 'maintenance'
  | 'idempotencyKeys'
  | 'webhooks'
  | 'timelineRows'

export function createServices(ports: Deps, app: OwnApp): Services {
  const self = selfClient(ports.random, (request) => app.fetch(request, {}))
  const requests = recorder(ports.metrics)
  const power = powerPolicy(ports)
  const upstreams = power.watch(ports.upstreams)
  ports.healthChecks.follow({
    isBusy: (name) => name === 'madre' && power.known().change !== null,
    shouldRun: power.shouldRun,
  })
  const store = wakeStore(ports.database)
  const { policy, tell: tellUse } = toldUse(renewsWindows(power, { ...ports, upstreams }), {
    ...ports,
    noteUse: store.noteUse,
  })
  const keys = new KeySet(ports)
  const knownTokens = () => [...ports.config.knownTokens, self.token]
  const configured = configuredPrincipals(knownTokens())
  const configuration = runningConfiguration({
    ...ports,
    principalsChanged: () => configured.replace(knownTokens()),
  })
  const principals = keyPrincipals(configured, { ...ports, keys })
  const deps = {
    ...ports,
    configuration,
    principals,
    keys,
    metrics: requests.metrics,
    policy,
    upstreams,
    ask: self.ask,
  }
  const judged = { ...ports, policy, ask: self.ask, degradedTwin: app.degradedTwin }
  const truth = runtimeTruth(judged)
  const drift = driftAudit({ ...judged, truth, configTexts: configuration.texts })
  const readDatabaseHealth = databaseHealth(ports)
  const beginAct = actBeginner(ports)
  const recordAct = actRecorder(ports)
  const windows = recordedWindows(deps, windowService(deps))
  const readState = stateReader(deps)
  const services = {
    ...deps,
    socketPlaces: new SocketSlots(ports.clock),
    chat: chatService(deps),
    windows,
    wakes: windowWakes({ ...deps, store, windows, beginAct, recordAct }),
    tellUse,
    truth,
    forecasts: resourceForecasts(ports),
    drift,
    gates: productionGates({ ...judged, truth, drift, readDatabaseHealth }),
    readReadiness: readinessReader(deps),
    readDatabaseHealth,
    readState,
    readView: viewReader({ ...deps, readState }),
    stored: storedReader({ ...deps, readDatabaseHealth }),
    dispatch: app.fetch,
    beginAct,
    recordAct,
  }
  ports.metrics.watchLimiter(ports.limiter)
  ports.metrics.watchState(stateGauges(services))
  ports.metrics.watchForecasts(() => secondsLeft(services))
  ports.metrics.watchChatModels(() => chatModelGauges(services))
  ports.metrics.watchSockets(() => openSockets(ports))
  // Reads the power state without renewing the window, because measuring is not use.
  const flush = metricsFlush({ ...ports, policy: power, recorder: requests })
  return { ...services, minutely: minutelyJobs(services, flush) }
}

const secondsLeft = ({ forecasts, clock }: Pick<Services, 'forecasts' | 'clock'>) =>
  forecasts.read().forecasts.map(({ name, at }) => ({ name, inS: at === null ? null : (at - clock.now()) / 1000 }))

function minutelyJobs(services: Omit<Services, 'minutely'>, flush: Job): Services['minutely'] {
  const { chat, forecasts, config, drift, maintenance, readReadiness, truth } = services
  return {
    truth: truth.keep,
    drift: drift.keep,
    rowCounts: rowCounter(services),
    // Detects recovered providers even without chat messages.
    chatProviders: async () => chat.states.probeDue(chat.providers()),
    chatRotation: chat.rotation.review,
    forecasts: forecasts.measure,
    sessionRetention: sessionRetention(services),
    // Logs a failing store even if no load balancer checks readiness.
    readiness: readReadiness,
    // A real madre records the end of windows itself.
    windowExpiry: async () => config.upstreams.madre.kind === 'embedded' && announceExpiry(services),
    wakes: services.wakes.keep,
    metricsFlush: flush,
    maintenance: () => maintenance.startWhenDue(),
    idempotencyKeys: () => forgetKeys(services),
    // What an instance that ended left undelivered, and what is due later than a request lives.
    webhooks: () => services.webhooks.deliver(),
    timelineRows: rowLimit(services),
  }
}

export async function everyMinute({ minutely }: Pick<Services, 'minutely'>): Promise<void> {
  await Promise.all(Object.values(minutely).map((job) => job()))
}
