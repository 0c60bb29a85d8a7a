/** Names what valibot found wrong in pydantic's words. Nothing of the input is in them. */
import type * as v from 'valibot'
import type { Issue } from './refusal.ts'

/** Enough to mend a request; a hostile one has no list of its own length to wait for. */
const maxIssues = 20

export const requestIssues = (issues: readonly v.BaseIssue<unknown>[]): Issue[] =>
  issues.slice(0, maxIssues).map(issueOf)

const words: Readonly<Record<string, readonly [type: string, msg: string]>> = {
  string: ['string_type', 'Input should be a valid string'],
  number: ['int_type', 'Input should be a valid integer'],
  integer: ['int_from_float', 'Input should be a valid integer, got a number with a fractional part'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  array: ['list_type', 'Input should be a valid list'],
  custom: ['dict_type', 'Input should be a valid dictionary'],
  object: ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from'],
  picklist: ['literal_error', 'Input should be one of '],
  min_length: ['too_short', 'List should have at least this many items: '],
  max_length: ['too_long', 'List should have at most this many items: '],
  min_value: ['greater_than_equal', 'Input should be greater than or equal to '],
  max_value: ['less_than_equal', 'Input should be less than or equal to '],
}

function issueOf(issue: v.BaseIssue<unknown>): Issue {
  const loc = ['body', ...(issue.path ?? []).map((item) => item.key as string | number)]
  if (issue.input === undefined) return { type: 'missing', loc, msg: 'Field required' }
  // A check of ours brings its own sentence.
  const [type, msg] = words[issue.type] ?? ['value_error', issue.message]
  return { type, loc, msg: msg.endsWith(' ') ? `${msg}${limitOf(issue)}` : msg }
}

/** What the schema says, never what the caller sent. */
const limitOf = (issue: v.BaseIssue<unknown>) =>
  issue.type === 'picklist' ? (issue.expected ?? '') : String(issue.requirement)
