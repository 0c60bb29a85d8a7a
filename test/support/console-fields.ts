/** Holds answers to what the views of VX11's consoles read of them (contract shared/shapes): a table, view by view. */
import { expect, it } from 'vitest'

/** A `?` allows null as well. */
type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'array'
type Field = FieldType | `${FieldType}?`

export interface ConsoleView {
  /** The console, and the part of it. */
  view: string
  /** Method and target. */
  route: string
  /** Paths into the answer: `a.b`, `a[].b` for every item of a list that has one, `a.*.b` for every member. */
  fields: Readonly<Record<string, Field>>
  body?: unknown
}

type Ask = (target: string, init: RequestInit) => Response | Promise<Response>

/** One test for each row. `start` gives a gateway in a state where nothing that a view reads is empty. */
export function itGivesTheFields(views: readonly ConsoleView[], start: () => Ask | Promise<Ask>): void {
  it.each(views)('$view reads $route', async ({ route, fields, body }) => {
    const [method = '', target = ''] = route.split(' ')
    const ask = await start()
    const response = await ask(target, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    expect(response.status).toBe(200)
    const answer: unknown = await response.json()
    for (const [path, type] of Object.entries(fields)) {
      const values = valuesAt(answer, path.split('.'))
      expect(values.length, `${path} finds nothing`).toBeGreaterThan(0)
      for (const value of values) expect(allows(type, value), `${path} is ${JSON.stringify(value)}`).toBe(true)
    }
  })
}

function valuesAt(value: unknown, [first, ...rest]: readonly string[]): unknown[] {
  if (first === undefined) return [value]
  if (first === '*') return Object.values(value as object).flatMap((member) => valuesAt(member, rest))
  const name = first.replace('[]', '')
  const member = (value as Record<string, unknown> | null)?.[name]
  if (first === name) return valuesAt(member, rest)
  return (member as unknown[]).flatMap((item) => valuesAt(item, rest))
}

function allows(type: Field, value: unknown): boolean {
  if (value === null) return type.endsWith('?')
  const word = type.replace('?', '')
  return Array.isArray(value) ? word === 'array' : typeof value === word
}
