/** The six canonical types with their required fields and size limits (contract events/canonical-types). */
import type { ValidationIssue } from '../../../errors/gateway-error.ts'
import { toDouble } from '../../../lib/exact-json.ts'
import { isDeeper } from '../../../lib/json-depth.ts'

type FieldKind = 'string' | 'integer' | 'number' | 'array' | 'object'

interface CanonicalType {
  /** Required beside `timestamp`, which the gateway adds where it is missing. */
  fields: Readonly<Record<string, FieldKind>>
  maxBytes: number
}

export const canonicalTypes: Readonly<Record<string, CanonicalType>> = {
  'system.alert': { fields: { alert_id: 'string', severity: 'string', message: 'string' }, maxBytes: 2048 },
  'system.correlation.updated': {
    fields: { correlation_id: 'string', related_events: 'array', strength: 'number' },
    maxBytes: 2048,
  },
  'forensic.snapshot.created': { fields: { snapshot_id: 'string', reason: 'string' }, maxBytes: 1024 },
  'madre.decision.explained': {
    fields: { decision_id: 'string', summary: 'string', confidence: 'number' },
    maxBytes: 3072,
  },
  'switch.tension.updated': { fields: { value: 'integer', components: 'object' }, maxBytes: 1024 },
  'shub.action.narrated': { fields: { action: 'string', reason: 'string', next_step: 'string' }, maxBytes: 2048 },
}

export const isCanonical = (type: string): boolean => Object.hasOwn(canonicalTypes, type)

/** The size limit of every other type. v7 had none. */
const otherMaxBytes = 65_536

/** The part of an event that is measured and checked. */
export interface IngestedEvent {
  source: string
  type: string
  payload: Record<string, unknown>
  timestamp: number
  metadata: Record<string, unknown>
}

/** All issues of an event. Other types are checked for size and depth only. */
export function eventIssues(event: IngestedEvent): ValidationIssue[] {
  const rule = Object.hasOwn(canonicalTypes, event.type) ? canonicalTypes[event.type] : undefined
  if (isDeeper(event.payload, maxDepth) || isDeeper(event.metadata, maxDepth))
    return [issue([], 'nested too deep', 'depth')]
  const maxBytes = rule?.maxBytes ?? otherMaxBytes
  const tooLarge = escapedLength(JSON.stringify(event)) > maxBytes
  return [
    ...(rule ? missing({ timestamp: event.timestamp, ...event.payload }, rule.fields) : []),
    ...(tooLarge ? [issue([], `over ${maxBytes} bytes`, 'too_large')] : []),
  ]
}

function missing(payload: Record<string, unknown>, fields: CanonicalType['fields']): ValidationIssue[] {
  const wanted: [string, FieldKind][] = [...Object.entries(fields), ['timestamp', 'integer']]
  return wanted
    .filter(([name, kind]) => !Object.hasOwn(payload, name) || !isKind[kind](toDouble(payload[name])))
    .map(([name, kind]) => issue([name], `Expected ${kind}`, kind))
}

const isKind: Record<FieldKind, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

const issue = (path: readonly string[], msg: string, type: string): ValidationIssue => ({
  loc: ['body', 'payload', ...path],
  msg,
  type,
})

/** v7 measured JSON with every character outside ASCII as `\\uXXXX`. */
const escapedLength = (json: string): number => {
  let length = json.length
  for (let i = 0; i < json.length; i++) if (json.charCodeAt(i) > 126) length += 5
  return length
}

/** SQLite reads JSON to a depth of 1000. */
const maxDepth = 64
