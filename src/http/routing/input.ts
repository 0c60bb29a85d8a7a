/** Reads and validates JSON bodies and query parameters of the gateway's own routes. */
import type { Context, MiddlewareHandler } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import * as v from 'valibot'
import { parseForeignJson } from '../../errors/foreign-json.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { schemaIssues } from '../../errors/schema-issues.ts'
import { isRawNumber, type KeepNumbers } from '../../lib/exact-json.ts'
import { isObject } from '../../lib/json-object.ts'
import type { AppEnv } from '../../ports/index.ts'
import { asSent } from './as-sent.ts'
import { invalidBody, readText } from './body-text.ts'
import { problemResponses } from './problem-responses.ts'

/** The validated body of any content type; no body is an empty object. */
export async function readBody<Schema extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const json = await readMembers(c, 'value')
  for (const [name, value] of Object.entries(json)) {
    if (isRawNumber(value)) throw invalidBody('Expected a number that a double can hold', 'number', [name])
  }
  return parsed(schema, json, 'body')
}

/** The body as an object of any members, numbers as they were written; no body is an empty object. */
export const readObject = (c: Context<AppEnv>): Promise<Record<string, unknown>> => readMembers(c, 'digits')

async function readMembers(c: Context<AppEnv>, keep: KeepNumbers): Promise<Record<string, unknown>> {
  const text = await readText(c)
  const json = text.trim() === '' ? {} : parseForeignJson(text, keep)
  if (!isObject(json)) throw invalidBody('Expected an object', 'object')
  return json
}

export const readQuery = <Schema extends v.GenericSchema>(c: Context<AppEnv>, schema: Schema): v.InferOutput<Schema> =>
  parsed(schema, c.req.query(), 'query')

type TakesBody<Schema extends v.GenericSchema, Member extends object> = MiddlewareHandler<
  AppEnv,
  string,
  { in: Member; out: { json: v.InferOutput<Schema> } }
>

interface BodyOptions<Input> {
  /** For the reference: a body that does something sensible. */
  example: Input
  /** No body means an empty object. */
  optional?: boolean
}

/** The handler reads it with `readBody`, after what must be checked before. */
export function takesBody<Schema extends v.GenericSchema>(
  schema: Schema,
  options: BodyOptions<v.InferInput<Schema>> & { optional?: false },
): TakesBody<Schema, { json: v.InferInput<Schema> }>
export function takesBody<Schema extends v.GenericSchema>(
  schema: Schema,
  options: BodyOptions<v.InferInput<Schema>> & { optional: true },
): TakesBody<Schema, { json?: v.InferInput<Schema> }>
export function takesBody(schema: v.GenericSchema, { example, optional }: BodyOptions<unknown>): MiddlewareHandler {
  const json = { schema: resolver(schema, { options: asSent }), example }
  return describeRoute({
    requestBody: { required: !optional, content: { 'application/json': json } },
    responses: problemResponses(['unsupported_media_type']),
  })
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, input: unknown, where: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  throw new GatewayError('validation_error', { issues: schemaIssues(result.issues, where, maxIssues) })
}

const maxIssues = 20
