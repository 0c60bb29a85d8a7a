/** The shape of a JSON value: which members there are and of which types, without a value. */

/** Types by path, such as `items[].id`. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>

/** Of the items of a list all are looked at, as one. */
export function shapeOf(json: unknown): Shape {
  const shape = new Map<string, Set<string>>()
  const look = (value: unknown, path: string): void => {
    const type = typeOf(value)
    shape.set(path, (shape.get(path) ?? new Set()).add(type))
    if (Array.isArray(value)) for (const item of value) look(item, `${path}[]`)
    else if (type === 'object')
      for (const [name, member] of Object.entries(value as object)) look(member, path === '' ? name : `${path}.${name}`)
  }
  look(json, '')
  return shape
}

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

/**
 * What the other has not, has besides, and has of another type. Null fits every type: what is not measured now may be
 * later. Below a list that is empty on one side, and below a null, nothing is known.
 */
export function shapeDifferences(one: Shape, other: Shape): string[] {
  const missing = [...one.keys()].filter((path) => !other.has(path) && isKnown(other, path))
  const added = [...other.keys()].filter((path) => !one.has(path) && isKnown(one, path))
  const changed = [...one].flatMap(([path, types]) => {
    const [before, after] = [known(types), known(other.get(path) ?? new Set())]
    const isSame = before.length === 0 || after.length === 0 || after.every((type) => before.includes(type))
    return isSame ? [] : [`${path || 'body'}: ${before.join(' or ')} → ${after.join(' or ')}`]
  })
  return [
    ...outermost(missing).map((path) => `${path || 'body'}: gone`),
    ...outermost(added).map((path) => `${path || 'body'}: new`),
    ...changed,
  ]
}

const known = (types: ReadonlySet<string>) => [...types].filter((type) => type !== 'null').sort()

/** Whether the side would show the member if it had it: what is around it is there, and is no empty list. */
function isKnown(shape: Shape, path: string): boolean {
  const around = path.endsWith('[]') ? null : path.replace(/\.?[^.]*$/, '')
  if (around === null || path === '') return false
  return shape.get(around)?.has('object') ?? false
}

const outermost = (paths: readonly string[]) =>
  paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[]`)))
