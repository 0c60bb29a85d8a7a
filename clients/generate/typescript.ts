/** Writes the operations as TypeScript: types of what each takes and gives, and the table of their routes. */
import type { ClientDocument, Field, Operation, Schema } from './operations.ts'

type AnySchema = Operation['answer']['json'][number]

const head = `/** The gateway's operations. Written by \`npm run clients\` from its OpenAPI document; not edited by hand. */
`

export function typescriptOperations({ operations, problem }: ClientDocument): string {
  const shapes = new Shapes()
  shapes.add('Problem', typeOf(problem, ''))
  const members = operations.map((operation) => memberOf(shapes, operation))
  const routes = operations.map(({ name, method, path }) => `  ${name}: '${method} ${path}',`)
  return `${head}
${shapes.text()}
export interface Operations {
${members.join('\n')}
}

/** The method and path of each. */
export const routes: Readonly<Record<keyof Operations, string>> = {
${routes.join('\n')}
}
`
}

/** Named types; one that reads like an earlier one is only another name for it. */
class Shapes {
  readonly #declared: string[] = []
  readonly #byText = new Map<string, string>()

  add(name: string, type: string): string {
    const known = this.#byText.get(type)
    this.#declared.push(`export type ${name} = ${known ?? type}\n`)
    if (!known && type.includes('{')) this.#byText.set(type, name)
    return name
  }

  text(): string {
    return this.#declared.join('\n')
  }
}

function memberOf(shapes: Shapes, operation: Operation): string {
  const { name, inPath, inQuery, inHeaders, body, summary } = operation
  const lines = [
    ...(inPath.length > 0 ? [`path: { ${inPath.map((each) => `${each}: string`).join('; ')} }`] : []),
    ...fieldsOf('query', inQuery),
    ...fieldsOf('headers', inHeaders),
    ...(body ? [`body${body.required ? '' : '?'}: ${shapes.add(`${upper(name)}Body`, typeOf(body.schema, ''))}`] : []),
    `answer: ${shapes.add(`${upper(name)}Answer`, answerType(operation))}`,
  ]
  return `  /** ${summary || name} */\n  ${name}: {\n${lines.map((line) => `    ${line}`).join('\n')}\n  }`
}

function fieldsOf(kind: string, fields: readonly Field[]): string[] {
  if (fields.length === 0) return []
  const required = fields.some((field) => field.required)
  const members = fields.map((field) => {
    const comment = field.description ? `      /** ${field.description} */\n` : ''
    return `${comment}      ${keyOf(field.name)}${field.required ? '' : '?'}: ${queryType(field.schema)}`
  })
  return [`${kind}${required ? '' : '?'}: {\n${members.join('\n')}\n    }`]
}

/** The client writes numbers and switches as text; lists go with commas between. */
const queryType = (schema: AnySchema) => {
  const type = typeOf(schema, '      ')
  return type === 'string' ? 'string | readonly string[]' : type
}

function answerType({ answer }: Operation): string {
  const json = answer.json.map((schema) => typeOf(schema, ''))
  return union([...json, ...(answer.text ? ['string'] : []), ...(answer.bytes ? ['Uint8Array'] : [])])
}

/** JSON Schema, as far as the document uses it, as a type. */
export function typeOf(schema: AnySchema, indent: string): string {
  if ('$ref' in schema) return schema.$ref.split('/').at(-1) ?? 'unknown'
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return union(schema.enum.map((each) => JSON.stringify(each)))
  const options = schema.anyOf ?? schema.oneOf
  if (options) return union(options.map((each) => typeOf(each, indent)))
  if (schema.allOf) return schema.allOf.map((each) => grouped(typeOf(each, indent))).join(' & ')
  if ('not' in schema) return 'never'
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type } as Schema, indent)))
  if (schema.type === 'array') return `${grouped(typeOf(schema.items, indent))}[]`
  if (schema.type === 'object') return objectType(schema, indent)
  if (schema.type === 'integer') return 'number'
  return schema.type ?? 'unknown'
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const inner = `${indent}  `
  const members = Object.entries(properties).map(
    ([name, schema]) => `${inner}${keyOf(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)}`,
  )
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties, inner) : 'unknown'
  if (members.length === 0) return `{ [name: string]: ${rest} }`
  if (additionalProperties) members.push(`${inner}[name: string]: unknown`)
  return `{\n${members.join('\n')}\n${indent}}`
}

const union = (types: readonly string[]) => [...new Set(types)].join(' | ') || 'unknown'
const grouped = (type: string) => (/[|&]/.test(type) ? `(${type})` : type)
const keyOf = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`)
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
