/** The state of a gateway as one screen: the verdict first, then each service, then what happened last. */
import { styleText } from 'node:util'
import { type UpstreamName, upstreamNames } from '../../../config/config.ts'
import { vx11Services } from '../../../config/vx11.ts'
import { buildName } from '../../../lib/build.ts'
import { visible } from '../command/print.ts'
import type { StatusReading } from './status.ts'

type Style = Parameters<typeof styleText>[0]
type Status = StatusReading['status']
type Service = Status['core_services'][string]

/** Colours only where standard output is a terminal that wants them. */
const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout })

const styles: Readonly<Record<Service['status'], Style>> = {
  UP: 'green',
  DOWN: ['red', 'bold'],
  OFF_BY_POLICY: 'yellow',
  DORMANT: 'dim',
  ARCHIVED: 'dim',
}

const shownEvents = 8

export function statusScreen({ url, build, status, circuits }: StatusReading, width: number): string {
  const within = (line: string) => visible(line).slice(0, width)
  const services = Object.entries({ ...status.core_services, ...status.optional_services })
  return [
    `${paint('bold', `Tentáculo Link ${within(buildName(build))}`)}  ${within(url)}  ${paint('dim', status.timestamp)}`,
    ...verdictLines(status, within),
    '',
    within(`mode      ${modeText(status)}`),
    within(`database  ${databaseText(status)}`),
    within(`limits    ${limitsText(status)}`),
    '',
    paint('dim', within(row('service', 'state', 'ms', 'breaker', 'in flight', 'why'))),
    ...services.map(([name, service]) => serviceLine(name, service, circuits, within)),
    ...eventLines(status, within),
  ].join('\n')
}

type Within = (line: string) => string

function verdictLines({ degraded, errors, reasons }: Status, within: Within): string[] {
  if (!degraded) return [paint('green', 'all that should run does')]
  return [paint(['red', 'bold'], 'degraded'), ...new Set([...reasons, ...errors])].map((line, index) =>
    index === 0 ? line : within(`  ${line}`),
  )
}

function modeText({ mode, window }: Status): string {
  if (window.state === 'none') return `${mode}, no window`
  const end = window.deadline === null ? 'until it is closed' : `${window.ttl_seconds ?? '?'} s left`
  return `${mode}, window ${window.state}, ${end}: ${window.services.join(', ')}`
}

function databaseText({ data: { db_health: health } }: Status): string {
  const facts = [
    `${health.latency_ms} ms`,
    known(health.size_mb, 'MiB'),
    known(health.tables, 'tables'),
    known(health.rows_total, 'rows'),
    `last backup ${health.last_backup ?? 'none'}`,
  ]
  return `${health.status}, ${facts.filter((fact) => fact !== '').join(', ')}`
}

const known = (value: number | null, unit: string) => (value === null ? '' : `${value} ${unit}`)

function limitsText({ limiter: { status, store, reason } }: Status): string {
  const why = reason === null ? '' : `: ${reason}`
  return `${status}, ${store}${why}`
}

const row = (...[name, state, ms, breaker, inFlight, why]: [string, string, string, string, string, string]) =>
  `${name.padEnd(17)} ${state.padEnd(13)} ${ms.padStart(5)}  ${breaker.padEnd(9)}  ${inFlight.padEnd(9)}  ${why}`.trimEnd()

const upstreamOf = (service: string): UpstreamName | undefined =>
  upstreamNames.find((name) => vx11Services[name].service === service)

function serviceLine(name: string, service: Service, circuits: StatusReading['circuits'], within: Within): string {
  const circuit = circuits[upstreamOf(name) ?? '']
  const why = service.status === 'UP' ? '' : [service.reason, service.hint].filter(Boolean).join(': ')
  const ms = service.latency_ms === null ? '-' : String(Math.round(service.latency_ms))
  const line = row(
    ...([name, service.status, ms, circuit?.state ?? '-'] as const),
    circuit ? `${circuit.in_flight}/${circuit.max_in_flight}` : '-',
    why,
  )
  return paint(styles[service.status], within(line))
}

function eventLines({ recent_events: events }: Status, within: Within): string[] {
  if (events.length === 0) return []
  const lines = events.slice(0, shownEvents).map(({ timestamp, severity, type, summary }) => {
    const line = within(`${timestamp ?? '-'}  ${(severity ?? '-').padEnd(8)}  ${type ?? '-'}  ${summary ?? ''}`)
    return severity === 'critical' ? paint('red', line) : severity === 'warn' ? paint('yellow', line) : line
  })
  return ['', paint('dim', 'what happened last'), ...lines]
}
