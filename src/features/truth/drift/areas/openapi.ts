/** Reads the operations of an OpenAPI 3 document, whoever wrote it: what each needs and how it answers. */
import { isObject } from '../../../../lib/json-object.ts'

export interface ReadOperation {
  id: string | null
  /** Names of parameters outside of the path, as `query:name`; a required one ends in `!`. */
  parameters: string[]
  /** Members that a JSON body must have. */
  bodyNeeds: string[]
  bodyRequired: boolean
  /** Of answers that are no error. */
  statuses: string[]
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const
type Fields = Readonly<Record<string, unknown>>

/** By `METHOD /path`, with `{}` for each parameter of the path; null for what is no such document. */
export function readOperations(document: unknown): Map<string, ReadOperation> | null {
  if (!isObject(document) || !/^3\./.test(String(document.openapi)) || !isObject(document.paths)) return null
  const operations = new Map<string, ReadOperation>()
  for (const [path, item] of Object.entries(document.paths)) {
    if (!isObject(item)) continue
    for (const method of methods) {
      const operation = item[method]
      if (!isObject(operation)) continue
      const shared = listOf(item.parameters)
      operations.set(`${method.toUpperCase()} ${pathForm(path)}`, operationOf(document, operation, shared))
    }
  }
  return operations
}

/** Parameters of a path have names of their own on each side. */
const pathForm = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}')

function operationOf(document: Fields, operation: Fields, shared: unknown[]): ReadOperation {
  const parameters = [...shared, ...listOf(operation.parameters)].map((each) => resolved(document, each))
  const body = resolved(document, operation.requestBody)
  const content = isObject(body.content) ? body.content['application/json'] : undefined
  const schema = resolved(document, isObject(content) ? content.schema : undefined)
  return {
    id: typeof operation.operationId === 'string' ? operation.operationId : null,
    parameters: parameters
      .filter((each) => each.in !== 'path' && typeof each.name === 'string')
      .map((each) => `${each.in}:${each.name}${each.required === true ? '!' : ''}`),
    bodyNeeds: listOf(schema.required).filter((name) => typeof name === 'string'),
    bodyRequired: body.required === true,
    statuses: Object.keys(isObject(operation.responses) ? operation.responses : {}).filter(
      (code) => Number(code) < 400,
    ),
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Follows one reference within the document; what cannot be followed is empty. */
function resolved(document: Fields, value: unknown): Fields {
  if (!isObject(value)) return {}
  if (typeof value.$ref !== 'string') return value
  let found: unknown = document
  for (const name of value.$ref.replace(/^#\//, '').split('/'))
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
  return isObject(found) ? found : {}
}
