/** OpenAPI as the console reads it: operations by tag, and an example for a schema. */

export interface Schema {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  description?: string
  example?: unknown
}

interface RawOperation {
  summary?: string
  description?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: { content?: Record<string, { schema?: Schema; example?: unknown }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}

export interface Document {
  info: { title: string; version: string }
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Operation extends RawOperation {
  method: string
  path: string
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function operationsOf(document: Document, wanted: string): [string, Operation[]][] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<string, Operation[]>()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const raw = item[method]
      const text = `${method} ${path} ${raw?.summary ?? ''}`.toLowerCase()
      if (!raw || !words.every((word) => text.includes(word))) continue
      const tag = raw.tags?.[0] ?? '–'
      groups.set(tag, [...(groups.get(tag) ?? []), { ...raw, method: method.toUpperCase(), path }])
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}

/** A value that the schema takes, as far as three levels. */
export function exampleOf(schema: Schema | undefined, document: Document, depth = 0): unknown {
  if (!schema || depth > 4) return null
  if (schema.$ref)
    return exampleOf(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''], document, depth + 1)
  if (schema.example !== undefined) return schema.example
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = schema.anyOf ?? schema.oneOf
  if (choice) return exampleOf(choice[0], document, depth)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) {
    const required = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name))
    return Object.fromEntries(required.map(([name, each]) => [name, exampleOf(each, document, depth + 1)]))
  }
  if (type === 'array') return schema.items ? [exampleOf(schema.items, document, depth + 1)] : []
  if (type === 'string') return 'text'
  if (type === 'number' || type === 'integer') return 1
  return type === 'boolean' ? true : null
}
