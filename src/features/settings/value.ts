/** Which keys and values a setting may have, and how a stored one is read. */
import * as v from 'valibot'
import { GatewayError, type ValidationIssue } from '../../errors/gateway-error.ts'
import { parseExactJson, toDouble } from '../../lib/exact-json.ts'
import { isDeeper } from '../../lib/json-depth.ts'

export const settingLimits = { keyCharacters: 64, valueBytes: 16_384, levels: 32, keysAtOnce: 50, keys: 200 } as const

/** As v7: letters and digits of any script, and underscores. */
const form = /^[\p{L}\p{N}_]{1,64}$/u
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const isSettingKey = (key: string): boolean => form.test(key) && !forbidden.has(key)

/** Each member of the body as JSON text; rejects the whole of it when one may not be stored. */
export function parseChanges(body: Readonly<Record<string, unknown>>): { key: string; json: string }[] {
  const members = Object.entries(body)
  if (members.length > settingLimits.keysAtOnce) {
    throw invalidSetting(['body'], `Expected at most ${settingLimits.keysAtOnce} settings`, 'max_entries')
  }
  const issues = members.flatMap(([key, value]) => issueOf(key, value) ?? [])
  if (issues.length > 0) throw new GatewayError('validation_error', { issues: issues.slice(0, maxIssues) })
  return members.map(([key, value]) => ({ key, json: JSON.stringify(value) }))
}

const maxIssues = 20

function issueOf(key: string, value: unknown): ValidationIssue | null {
  const loc = ['body', key.slice(0, settingLimits.keyCharacters)]
  if (!isSettingKey(key)) return { loc, type: 'key', msg: 'Expected a key of 1 to 64 letters, digits and underscores' }
  if (isDeeper(value, settingLimits.levels)) {
    return { loc, type: 'depth', msg: `Expected at most ${settingLimits.levels} levels` }
  }
  if (holdsInfinity(value)) return { loc, type: 'number', msg: 'Expected numbers that a double can hold' }
  if (bytesOf(JSON.stringify(value)) > settingLimits.valueBytes) {
    return { loc, type: 'max_bytes', msg: `Expected at most ${settingLimits.valueBytes} bytes of JSON` }
  }
  return null
}

/** 1e999 is an infinity for most readers of the stored text. */
function holdsInfinity(value: unknown): boolean {
  let found = false
  JSON.stringify(value, (_key, each) => {
    found ||= toDouble(each) === Number.POSITIVE_INFINITY || toDouble(each) === Number.NEGATIVE_INFINITY
    return each
  })
  return found
}

const bytesOf = (text: string) => new TextEncoder().encode(text).byteLength

export const invalidSetting = (loc: readonly string[], msg: string, type: string) =>
  new GatewayError('validation_error', { issues: [{ loc, msg, type }] })

/** v7 stored strings unquoted; one that is valid JSON reads as JSON (contract data/settings-values). */
export function parseStored(json: string | null): unknown {
  if (json === null) return null
  try {
    return parseExactJson(json, 'digits')
  } catch {
    return json
  }
}

const Nullable = v.fallback(v.nullable(v.string()), null)

/** A line of the history; one in another form is null. */
export const HistoryLine = v.fallback(
  v.nullable(
    v.pipe(
      v.string(),
      v.rawTransform<string, unknown>(({ dataset }) => parseStored(dataset.value)),
      v.object({
        key: v.string(),
        existed: v.union([v.literal(0), v.literal(1)]),
        before: Nullable,
        after: Nullable,
        by: Nullable,
        correlation_id: Nullable,
      }),
    ),
  ),
  null,
)
