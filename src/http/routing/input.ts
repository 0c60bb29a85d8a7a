/** Reads and validates JSON bodies and query parameters of the gateway's own routes. */
import type { Context, MiddlewareHandler } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as v from 'valibot'
import { GatewayError } from '../../errors/gateway-error.ts'
import { isDeeper } from '../../lib/json-depth.ts'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import type { AppEnv } from '../../ports/index.ts'

/** The validated body, whatever its content type; no body is an empty object. */
export async function readBody<Schema extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const text = await c.req.raw.text()
  const json = text.trim() === '' ? {} : parseJson(text)
  if (json === undefined) throw malformed('Malformed JSON', 'json_invalid')
  // An object schema with optional members only would accept a list.
  if (Array.isArray(json)) throw malformed('Expected an object', 'object')
  return parsed(schema, json, 'body')
}

/** JSON.stringify recurses, so deep values are refused. */
const maxLevels = 64

/** The body as an object of any members; no body is an empty object. */
export async function readObject(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  const json = await readBody(c, v.unknown())
  if (!isObject(json)) throw malformed('Expected an object', 'object')
  if (isDeeper(json, maxLevels)) throw malformed(`Expected at most ${maxLevels} levels`, 'depth')
  return json
}

export const readQuery = <Schema extends v.GenericSchema>(c: Context<AppEnv>, schema: Schema): v.InferOutput<Schema> =>
  parsed(schema, c.req.query(), 'query')

type TakesBody<Schema extends v.GenericSchema, Member extends object> = MiddlewareHandler<
  AppEnv,
  string,
  { in: Member; out: { json: v.InferOutput<Schema> } }
>

/** The handler reads it with `readBody`, after what must be checked before. */
export function takesBody<Schema extends v.GenericSchema>(
  schema: Schema,
): TakesBody<Schema, { json: v.InferInput<Schema> }>
export function takesBody<Schema extends v.GenericSchema>(
  schema: Schema,
  required: false,
): TakesBody<Schema, { json?: v.InferInput<Schema> }>
export function takesBody(schema: v.GenericSchema, required = true): MiddlewareHandler {
  return describeRoute({
    requestBody: { required, content: { 'application/json': { schema: resolver(schema, asSent) } } },
  })
}

/** The document says what is sent, not what it becomes. */
const asSent = { options: { typeMode: 'input' } }

function parsed<Schema extends v.GenericSchema>(schema: Schema, input: unknown, where: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const issues = result.issues.slice(0, maxIssues).map(({ path, type, expected, message }) => ({
    loc: [where, ...(path ?? []).map(({ key }) => key as string | number)],
    msg: wordsOf(expected, message),
    type,
  }))
  throw new GatewayError('validation_error', { issues })
}

/** The schema's own message if it has one; valibot's would repeat the input or a pattern. */
function wordsOf(expected: string | null, message: string): string {
  if (!message.startsWith('Invalid ')) return message
  return expected === null || expected.startsWith('/') ? 'Invalid value' : `Expected ${expected}`
}

const maxIssues = 20

const malformed = (msg: string, type: string) =>
  new GatewayError('validation_error', { issues: [{ loc: ['body'], msg, type }] })
