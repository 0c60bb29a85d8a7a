/** Writes the operations as Python: a method for each, and the shapes of what it takes and gives as TypedDicts. */
import type { ClientDocument, Field, Operation, Schema } from './operations.ts'

type AnySchema = Operation['answer']['json'][number]

const written = 'Written by `npm run clients` from the OpenAPI document; not edited by hand.'

const operationsHead = `"""A method for each operation of the gateway. ${written}"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import Calls, segment

if TYPE_CHECKING:
    from . import shapes


class Operations(Calls):
    """What stands in the path comes first, in its order; the rest is named."""
`

const shapesHead = `"""What the operations take and give. ${written}"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, TypedDict, Union

`

export interface PythonFiles {
  operations: string
  shapes: string
}

export function pythonFiles({ operations, problem }: ClientDocument): PythonFiles {
  const shapes = new Shapes()
  shapes.alias('Problem', shapes.typeOf(problem, 'Problem'))
  const methods = operations.map((operation) => methodOf(shapes, operation))
  return { operations: operationsHead + methods.join(''), shapes: shapesHead + shapes.text() }
}

function methodOf(shapes: Shapes, operation: Operation): string {
  const { name, method, path, summary, inPath, inQuery, inHeaders, body, answer } = operation
  const prefix = upper(name)
  const bodyType = body && `shapes.${shapes.alias(`${prefix}Body`, shapes.typeOf(body.schema, `${prefix}Body`))}`
  const json = answer.json.map((schema, at) => shapes.typeOf(schema, `${prefix}Answer${at === 0 ? '' : at + 1}`))
  const given = union([...json, ...(answer.text ? ['str'] : []), ...(answer.bytes ? ['bytes'] : [])])
  const answerType = `shapes.${shapes.alias(`${prefix}Answer`, given)}`
  const named = [
    ...(bodyType ? [body.required ? `body: ${bodyType}` : `body: ${bodyType} | None = None`] : []),
    ...inQuery.map((field) => argumentOf(field, scalarType(field.schema))),
    ...inHeaders.map((field) => argumentOf(field, 'str')),
  ]
  const taken = ['self', ...inPath.map((each) => `${pythonName(each)}: str`)]
  const target =
    inPath.length > 0 ? `f"${path.replace(/\{(\w+)\}/g, (_, each) => `{segment(${pythonName(each)})}`)}"` : `"${path}"`
  const sent = [
    `"${method}"`,
    target,
    ...(bodyType ? ['body=body'] : []),
    ...dictOf('query', inQuery),
    ...dictOf('headers', inHeaders),
  ]
  return `
    def ${pythonName(name)}(${[...taken, ...(named.length > 0 ? ['*', ...named] : [])].join(', ')}) -> ${answerType}:
        """${(summary || name).replaceAll('\\', '\\\\').replaceAll('"', "'")}"""
        answer: ${answerType} = self.request(${sent.join(', ')})
        return answer
`
}

const argumentOf = ({ name, required }: Field, type: string) =>
  `${pythonName(name)}: ${required ? type : `${type} | None = None`}`

const dictOf = (kind: string, fields: readonly Field[]) =>
  fields.length > 0 ? [`${kind}={${fields.map(({ name }) => `"${name}": ${pythonName(name)}`).join(', ')}}`] : []

const scalars: Record<string, string> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
}

const scalarType = (schema: AnySchema) =>
  'enum' in schema ? 'str' : (scalars[String((schema as Schema).type ?? 'string')] ?? 'str')

/** Classes and names in the order in which they may stand; a shape that reads like an earlier one is the same. */
class Shapes {
  readonly #declared: string[] = []
  readonly #byText = new Map<string, string>()
  readonly #names = new Set<string>()

  text(): string {
    return this.#declared.join('\n')
  }

  /** Another name for a type, unless it is its name already. */
  alias(name: string, type: string): string {
    if (type !== name) this.#declared.push(`${this.#unused(name)} = ${type}\n`)
    return name
  }

  /** A type as it can stand in an expression: Python 3.9 knows no `|` there. */
  typeOf(schema: AnySchema, name: string): string {
    if ('$ref' in schema) return schema.$ref.split('/').at(-1) ?? 'Any'
    if ('const' in schema) return `Literal[${literal(schema.const)}]`
    if (schema.enum) return `Literal[${schema.enum.map(literal).join(', ')}]`
    const options = schema.anyOf ?? schema.oneOf
    if (options) return union(options.map((each, at) => this.typeOf(each, at === 0 ? name : `${name}Or${at + 1}`)))
    if ('not' in schema || schema.allOf) return 'Any'
    if (schema.type === 'array') return `List[${this.typeOf(schema.items, `${name}Item`)}]`
    if (schema.type === 'object') return this.#objectType(schema, name)
    return scalars[String(schema.type)] ?? 'Any'
  }

  #objectType({ properties = {}, required = [], additionalProperties }: Schema, name: string): string {
    const members = Object.entries(properties).map(([key, schema]) => ({
      key,
      type: this.typeOf(schema, name + upper(camel(key))),
      required: required.includes(key),
    }))
    if (members.length > 0) return this.#typedDict(name, members)
    const rest = typeof additionalProperties === 'object' ? this.typeOf(additionalProperties, `${name}Value`) : 'Any'
    return `Dict[str, ${rest}]`
  }

  #typedDict(name: string, members: readonly { key: string; type: string; required: boolean }[]): string {
    const text = JSON.stringify(members)
    const known = this.#byText.get(text)
    if (known) return known
    const chosen = this.#unused(name)
    this.#byText.set(text, chosen)
    const must = members.filter((each) => each.required)
    const may = members.filter((each) => !each.required)
    if (may.length === 0) this.#declared.push(typedDict(chosen, must, true))
    else if (must.length === 0) this.#declared.push(typedDict(chosen, may, false))
    else {
      const base = this.#unused(`_${chosen}`)
      this.#declared.push(typedDict(base, must, true), typedDict(chosen, may, false, base))
    }
    return chosen
  }

  #unused(name: string): string {
    let chosen = name
    for (let count = 2; this.#names.has(chosen); count++) chosen = `${name}${count}`
    this.#names.add(chosen)
    return chosen
  }
}

type Member = Readonly<{ key: string; type: string }>

/** As a class where its keys can be names, else as a call. */
function typedDict(name: string, members: readonly Member[], total: boolean, base = 'TypedDict'): string {
  if (members.every(({ key }) => isName(key))) {
    const lines = members.map(({ key, type }) => `    ${key}: ${type}`)
    return `\nclass ${name}(${base}${total ? '' : ', total=False'}):\n${lines.join('\n')}\n`
  }
  const entries = members.map(({ key, type }) => `${JSON.stringify(key)}: ${JSON.stringify(type)}`)
  const call = (called: string) =>
    `${called} = TypedDict("${called}", {${entries.join(', ')}}${total ? '' : ', total=False'})\n`
  return base === 'TypedDict'
    ? call(name)
    : `${call(`_${name}Rest`)}\n\nclass ${name}(${base}, _${name}Rest):\n    pass\n`
}

const literal = (value: unknown) => {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : JSON.stringify(value)
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  if (distinct.length === 0) return 'Any'
  return distinct.length === 1 ? (distinct[0] ?? 'Any') : `Union[${distinct.join(', ')}]`
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

const isName = (key: string) => /^[A-Za-z]\w*$/.test(key) && !keywords.has(key)
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const camel = (name: string) =>
  name.replace(/\W+|_+(\w?)/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())

/** snake_case, and no word of the language. */
function pythonName(name: string): string {
  const snake = name
    .replace(/^X-VX11-/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toLowerCase()
  return keywords.has(snake) ? `${snake}_` : snake
}
