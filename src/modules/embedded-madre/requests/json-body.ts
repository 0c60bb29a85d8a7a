/** Reads a small JSON object from a request as FastAPI does: every fault is a 422. */

import type { Context } from 'hono'
import * as v from 'valibot'
import { parseExactJson } from '../../../lib/exact-json.ts'
import { isDeeper } from '../../../lib/json-depth.ts'
import { isObject } from '../../../lib/json-object.ts'
import { readBytes } from '../../../lib/read-body.ts'
import { requestIssues } from './issues.ts'
import { invalidRequest, Refusal } from './refusal.ts'

const maxBodyBytes = 1_048_576
/** JSON.stringify recurses, so what is to be stored must not be deep. */
const maxDepth = 32

/** The body in the shape of the schema; fields that the schema does not know are ignored. `absent` stands for no body. */
export async function readMadreBody<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
  absent?: object,
): Promise<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, await readObject(c, absent))
  if (!result.success) throw invalidRequest(...requestIssues(result.issues))
  return result.output
}

async function readObject(c: Context, absent: object | undefined): Promise<object> {
  const bytes = await readBytes(c.req.raw.body, maxBodyBytes)
  if (bytes === null) throw new Refusal(413, 'Request body too large')
  if (bytes.byteLength === 0 && absent) return absent
  if (bytes.byteLength === 0) throw invalidRequest({ type: 'missing', loc: ['body'], msg: 'Field required' })
  if (!isJson(c.req.header('content-type'))) throw notAnObject()
  const value = parse(bytes)
  if (!isObject(value)) throw notAnObject()
  if (isDeeper(value, maxDepth)) {
    throw invalidRequest({ type: 'value_error', loc: ['body'], msg: `JSON should nest at most ${maxDepth} levels` })
  }
  return value
}

/** FastAPI takes a body of any other type for text. */
const isJson = (contentType = '') => /^application\/([a-z0-9.-]{1,64}\+)?json\s*(;|$)/i.test(contentType)

function parse(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return parseExactJson(text)
  } catch {
    throw invalidRequest({ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error' })
  }
}

const notAnObject = () =>
  invalidRequest({
    type: 'model_attributes_type',
    loc: ['body'],
    msg: 'Input should be a valid dictionary or object to extract fields from',
  })
