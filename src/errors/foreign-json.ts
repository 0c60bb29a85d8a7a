/** Parses callers' JSON losslessly, and reports why a value cannot be stored and forwarded unchanged. */

import { type KeepNumbers, parseExactJson } from '../lib/exact-json.ts'
import { isDeeper } from '../lib/json-depth.ts'
import { loneSurrogateIn } from '../lib/lone-surrogate.ts'
import { GatewayError, type ValidationIssue } from './gateway-error.ts'

/** JSON.stringify recurses, so deep values are refused. */
const maxLevels = 64

/** Throws validation_error for text that is not JSON, nests too deep, or has a lone surrogate. */
export function parseForeignJson(text: string, keep: KeepNumbers, levels = maxLevels): unknown {
  const parsed = parseText(text, keep)
  const issue = 'issue' in parsed ? parsed.issue : unkeepable(text, parsed.json, levels)
  if (issue) throw new GatewayError('validation_error', { issues: [issue] })
  return 'json' in parsed ? parsed.json : undefined
}

export type ParsedText = { json: unknown } | { issue: ValidationIssue }

export function parseText(text: string, keep: KeepNumbers): ParsedText {
  try {
    return { json: parseExactJson(text, keep) }
  } catch (error) {
    return { issue: error instanceof RangeError ? tooDeep : bodyIssue('Malformed JSON', 'json_invalid') }
  }
}

/** Why a value parsed from this text, or a part of it, cannot be stored; undefined if it can. */
export function unkeepable(text: string, json: unknown, levels = maxLevels): ValidationIssue | undefined {
  if (isDeeper(json, levels)) return tooDeep
  const path = loneSurrogateIn(text, json)
  return path ? bodyIssue('Expected Unicode text; found a lone surrogate', 'unicode', path) : undefined
}

export const bodyIssue = (msg: string, type: string, path: readonly (string | number)[] = []): ValidationIssue => ({
  loc: ['body', ...path],
  msg,
  type,
})

const tooDeep = bodyIssue(`Expected at most ${maxLevels} levels`, 'depth')
