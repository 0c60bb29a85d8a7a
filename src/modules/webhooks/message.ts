/** The body of a message in each preset: JSON for programs, Slack's and ntfy's forms for people. */
import type { WebhookConfig } from '../../config/config.ts'
import { isoMoment, isoMomentOrNull } from '../../lib/moment-forms.ts'
import type { EventSeverity } from '../../ports/index.ts'
import type { Group } from './record.ts'

export interface Outgoing {
  url: string
  body: string
}

export function messageFor({ preset, url }: Pick<WebhookConfig, 'preset' | 'url'>, group: Group): Outgoing {
  if (preset === 'slack') return { url, body: JSON.stringify(slackMessage(group)) }
  if (preset === 'json') return { url, body: JSON.stringify(jsonMessage(group)) }
  // Headers hold no Unicode; ntfy takes JSON at the address without the topic.
  const address = new URL(url)
  const [, path = '/', topic] = /^(.*\/)([^/]+)$/.exec(address.pathname) ?? []
  address.pathname = path
  return { url: address.href, body: JSON.stringify({ topic, ...ntfyMessage(group) }) }
}

const words: Readonly<Record<EventSeverity, string>> = { info: 'info', warn: 'warn', crit: 'critical' }

/** The end of a problem is good news, however bad the problem was. */
const severityNow = ({ role, severity }: Group): EventSeverity => (role === 'recovery' ? 'info' : severity)

/** `type`, `timestamp` and `data` are those of the Standard Webhooks. */
function jsonMessage(group: Group) {
  const { kind, subject, role, count, firstAt, since, events } = group
  const last = lastOf(group)
  return {
    type: last.type,
    timestamp: isoMoment(last.at),
    data: {
      ...{ kind, subject, state: role, severity: words[severityNow(group)], summary: last.summary, count },
      first_at: isoMoment(firstAt),
      last_at: isoMoment(last.at),
      since: isoMomentOrNull(since),
      events: events.map(({ eventId, type, at, severity, summary, correlationId }) => ({
        ...{ event_id: eventId, type, at: isoMoment(at), severity: words[severity], summary },
        correlation_id: correlationId,
      })),
    },
  }
}

const looks = {
  crit: { color: '#c62828', priority: 5, tag: 'rotating_light' },
  warn: { color: '#ef9a00', priority: 4, tag: 'warning' },
  info: { color: '#607d8b', priority: 3, tag: 'information_source' },
} as const
const goodLook = { color: '#2e7d32', priority: 3, tag: 'white_check_mark' } as const

const lookOf = (group: Group) => (group.role === 'recovery' ? goodLook : looks[group.severity])

function slackMessage(group: Group) {
  const { color, tag } = lookOf(group)
  const text = `:${tag}: *${escaped(titleOf(group))}*`
  return { text, attachments: [{ color, text: escaped(textOf(group)), ts: Math.floor(lastOf(group).at / 1000) }] }
}

/** https://docs.slack.dev/messaging/formatting-message-text/: three characters are control characters. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function ntfyMessage(group: Group) {
  const { priority, tag } = lookOf(group)
  return { title: titleOf(group), message: textOf(group), priority, tags: [tag] }
}

const titles = { problem: 'Problem', recovery: 'Recovered', notice: 'Notice' } as const

const titleOf = ({ role, kind, subject, count }: Group) =>
  `${titles[role]}: ${subject} (${kind})${count > 1 ? `, ${count} events` : ''}`

function textOf(group: Group): string {
  const last = lastOf(group)
  const began = group.since ?? group.firstAt
  const after = group.role === 'recovery' ? ` (after ${duration(last.at - began)})` : ''
  const lines = group.events.map(({ at, summary }) => `${isoMoment(at).slice(0, 19)}Z ${summary}`)
  return group.count > 1 ? `${last.summary}${after}\n${lines.join('\n')}` : `${last.summary}${after}`
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

function lastOf({ events }: Group): Group['events'][number] {
  const last = events.at(-1)
  if (!last) throw new Error('a message without events')
  return last
}
