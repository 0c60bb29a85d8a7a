/** Turns a schema's complaints into issues in words: what was expected, and the kind of what came. */
import type * as v from 'valibot'
import { isRawNumber } from '../lib/exact-json.ts'
import type { ValidationIssue } from './gateway-error.ts'

/** `where` is `body` or `query`. At most `most` issues. */
export const schemaIssues = (issues: readonly v.BaseIssue<unknown>[], where: string, most: number): ValidationIssue[] =>
  issues.slice(0, most).map(({ path, type, expected, message, input }) => ({
    loc: [where, ...(path ?? []).map(({ key }) => key as string | number)],
    msg: wordsOf(expected, message, input),
    type,
  }))

/** The schema's own message if it has one; valibot's would repeat the input or a pattern. */
function wordsOf(expected: string | null, message: string, received: unknown): string {
  if (!message.startsWith('Invalid ')) return message
  if (expected === 'never') return 'Unknown member'
  if (received === undefined) return 'Required, and missing'
  return expected === null || expected.startsWith('/')
    ? 'Invalid value'
    : `Expected ${expected}, got ${kindOf(received)}`
}

/** The kind alone: the value may be a secret. */
function kindOf(received: unknown): string {
  if (received === null) return 'null'
  if (Array.isArray(received)) return 'a list'
  if (isRawNumber(received)) return 'a number that no double holds as it is written'
  return typeof received === 'object' ? 'an object' : `a ${typeof received}`
}
