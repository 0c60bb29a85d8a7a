/** Reads JSON bodies as FastAPI with pydantic does: 422 with a list of what is wrong, and the input echoed. */
import * as v from 'valibot'
import { detail, Refusal } from './answers.ts'

export interface PydanticIssue {
  type: string
  loc: readonly (string | number)[]
  msg: string
  input: unknown
  ctx?: unknown
}

export const invalid = (issues: readonly PydanticIssue[]): Refusal => new Refusal(detail(422, issues))

/** The JSON value of a body; the raw text when its type is not JSON, and undefined when it is empty. */
export function parseBody(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return undefined
  const text = bytes.toString('utf8')
  if (!/^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i.test(contentType ?? '')) return text
  try {
    return JSON.parse(text)
  } catch {
    const ctx = { error: 'Expecting value' }
    throw invalid([{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx }])
  }
}

export function checkBody<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  if (body === undefined || body === null)
    throw invalid([{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }])
  if (!isDict(body)) throw invalid([describe('object', ['body'], body)])
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  throw invalid(result.issues.map(describeIssue))
}

const pydanticTypes: Readonly<Record<string, readonly [type: string, msg: string]>> = {
  string: ['string_type', 'Input should be a valid string'],
  number: ['int_type', 'Input should be a valid integer'],
  integer: ['int_from_float', 'Input should be a valid integer, got a number with a fractional part'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  array: ['list_type', 'Input should be a valid list'],
  custom: ['dict_type', 'Input should be a valid dictionary'],
  object: ['model_attributes_type', 'Input should be a valid dictionary or object to extract fields from'],
}

function describeIssue(issue: v.BaseIssue<unknown>): PydanticIssue {
  const path = issue.path ?? []
  const loc = ['body', ...path.map((item) => item.key as string | number)]
  const parent = path.at(-1)?.input
  if (issue.input === undefined) return { type: 'missing', loc, msg: 'Field required', input: parent ?? null }
  return describe(issue.type, loc, issue.input)
}

function describe(kind: string, loc: PydanticIssue['loc'], input: unknown): PydanticIssue {
  const [type, msg] = pydanticTypes[kind] ?? ['value_error', 'Value error']
  return { type, loc, msg, input }
}

const isDict = (input: unknown): input is Record<string, unknown> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

/** pydantic's `dict`: an object with any keys, and no list. */
export const Dict = v.custom<Record<string, unknown>>(isDict)
