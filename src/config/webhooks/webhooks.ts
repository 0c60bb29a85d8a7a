/** Parses VX11_WEBHOOKS: where notifications go, in which form, and which. */
import * as v from 'valibot'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { isPrivateHost } from '../../lib/private-host.ts'
import { parseHook } from '../addresses.ts'
import type { Environment } from '../environment/environment.ts'
import { parseHeaders } from '../upstreams/targets.ts'
import { parsedBy } from '../values.ts'

export const webhookPresets = ['json', 'slack', 'ntfy'] as const
export type WebhookPreset = (typeof webhookPresets)[number]

export interface WebhookConfig {
  name: string
  /** Its path and query may be the credential, so it is never shown whole. */
  url: string
  preset: WebhookPreset
  /** The keys that sign each message; several while one takes the other's place. */
  keys: readonly Uint8Array[]
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  /** Event types, or their beginnings before `*`; null for those that want a person. */
  events: readonly string[] | null
  minSeverity: 'info' | 'warn' | 'crit'
  /** One message per subject within this time. */
  groupMs: number
  timeoutMs: number
}

const form = {
  name: 'name must be 1 to 32 lower-case letters, digits or dashes',
  url: 'url must be an https:// URL, or http:// to a private host, without credentials and fragment',
  secret: 'secret must be whsec_ and the Base64 of 24 to 64 bytes, or a list of up to three such',
  events: 'events must be a list of event types, such as gateway.module.down, gateway.module.* or *',
  topic: 'url must end with a topic for the preset ntfy: 1 to 64 letters, digits, dashes or underscores',
  headers: 'headers must be an object of distinct header names and values that HTTP can carry',
}
const range = (name: string, most: number) => `${name} must be a whole number from 1 to ${most}`

function parseSecret(text: string): Uint8Array | null {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1]
  try {
    const key = Uint8Array.from(atob(base64 ?? ''), (char) => char.charCodeAt(0))
    return key.length >= 24 && key.length <= 64 ? key : null
  } catch {
    return null
  }
}

const Secret = v.pipe(
  v.union([v.string(), v.array(v.string())], form.secret),
  v.rawTransform<string | string[], Uint8Array[]>(({ dataset, addIssue, NEVER }) => {
    const keys = [dataset.value].flat().map(parseSecret)
    if (keys.length > 0 && keys.length <= 3 && keys.every((key) => key !== null)) return keys
    addIssue({ message: form.secret })
    return NEVER
  }),
)

/** Its address alone lets who reads it write to the channel, so it does not cross the internet in clear. */
const Url = parsedBy((text) => {
  const url = parseHook(text)
  return url && (url.protocol === 'https:' || isPrivateHost(url.hostname)) ? url.href : null
}, form.url)

const Headers = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Record<string, string>>(({ dataset, addIssue, NEVER }) => {
    const fields = parseHeaders(dataset.value)
    if (fields && !Object.keys(fields).some((name) => /^(content-type|user-agent|webhook-)/.test(name))) return fields
    addIssue({ message: form.headers })
    return NEVER
  }),
)

const EventPattern = v.pipe(v.string(form.events), v.regex(/^(\*|[\w.:-]{1,64}|[\w.:-]{0,62}\.\*)$/, form.events))
const severityWords = { info: 'info', warn: 'warn', critical: 'crit' } as const
const severityForm = 'minSeverity must be info, warn or critical'
const Whole = (name: string, most: number) =>
  v.pipe(
    v.number(range(name, most)),
    v.integer(range(name, most)),
    v.minValue(1, range(name, most)),
    v.maxValue(most, range(name, most)),
  )

const Entry = v.strictObject(
  {
    name: v.pipe(v.string(form.name), v.regex(/^[a-z0-9-]{1,32}$/, form.name)),
    url: v.pipe(v.string(form.url), Url),
    preset: v.optional(v.picklist(webhookPresets, `preset must be one of ${webhookPresets.join(', ')}`), 'json'),
    secret: v.optional(Secret),
    headers: v.optional(Headers),
    events: v.optional(
      v.pipe(v.array(EventPattern, form.events), v.minLength(1, form.events), v.maxLength(50, form.events)),
    ),
    minSeverity: v.optional(v.picklist(['info', 'warn', 'critical'], severityForm), 'info'),
    groupSeconds: v.optional(Whole('groupSeconds', 3600), 60),
    timeoutSeconds: v.optional(Whole('timeoutSeconds', 30), 10),
  },
  'must be an object of name, url and perhaps preset, secret, headers, events, minSeverity, groupSeconds, timeoutSeconds, and of nothing else',
)

const maxWebhooks = 20

const WebhooksText = v.pipe(
  v.string(),
  v.rawTransform<string, WebhookConfig[]>(({ dataset, addIssue, NEVER }) => {
    const list = parseJson(dataset.value)
    if (!Array.isArray(list) || list.length > maxWebhooks) {
      addIssue({ message: `must be a JSON list of at most ${maxWebhooks} objects` })
      return NEVER
    }
    const webhooks = list.flatMap((input, index) => {
      const { webhook, problems } = readEntry(input)
      for (const problem of new Set(problems)) addIssue({ message: `entry ${index + 1}: ${problem}` })
      return webhook ?? []
    })
    if (new Set(webhooks.map(({ name }) => name)).size < webhooks.length)
      addIssue({ message: 'must not hold one name twice' })
    return webhooks
  }),
)

function readEntry(input: unknown): { webhook?: WebhookConfig; problems: string[] } {
  const result = v.safeParse(Entry, isObject(input) ? { ...input } : input)
  if (!result.success) return { problems: result.issues.map(({ message }) => message) }
  const { secret, headers, events, minSeverity, groupSeconds, timeoutSeconds, ...rest } = result.output
  if (rest.preset === 'json' && !secret)
    return { problems: ['secret must be set for the preset json, so that its receiver can tell who sends'] }
  if (rest.preset === 'ntfy' && !/\/[\w-]{1,64}$/.test(new URL(rest.url).pathname)) return { problems: [form.topic] }
  const times = { groupMs: groupSeconds * 1000, timeoutMs: timeoutSeconds * 1000 }
  const what = { events: events ?? null, minSeverity: severityWords[minSeverity] }
  return { webhook: { ...rest, ...what, ...times, keys: secret ?? [], headers: headers ?? {} }, problems: [] }
}

export const readWebhooks = (env: Environment): readonly WebhookConfig[] =>
  env.optional('VX11_WEBHOOKS', WebhooksText) ?? []
