/** Which names each file of src/ exports, and who imports them: read from the text, as the formatter leaves it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface NamedImport {
  from: string
  /** Path below the repository, or the name of a package. */
  to: string
  /** As exported; `*` for the whole module. */
  name: string
  typeOnly: boolean
}

export interface SourceFile {
  path: string
  text: string
  /** Declared here, not passed on. */
  exports: string[]
  imports: NamedImport[]
}

const listed = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`)

export const readSources = (folder: string): SourceFile[] =>
  listed(folder).map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return { path, text, exports: exportsOf(text), imports: importsOf(path, text) }
  })

const declaration =
  /^export (?:declare )?(?:async )?(?:const|let|function\*?|(?:abstract )?class|interface|type|enum) \*?(\w+)/gm

const exportsOf = (text: string) => [...new Set([...text.matchAll(declaration)].map(([, name]) => name ?? ''))]

function importsOf(from: string, text: string): NamedImport[] {
  const statement = /^(?:import|export) (type )?(?:(\w+)(?:, )?)?(\*(?: as \w+)?|\{[^}]*\})? ?from '([^']+)'/gm
  const named = [...text.matchAll(statement)].flatMap(([, type, single, list = '', to = '']) => {
    const target = resolved(from, to)
    const typeOnly = type !== undefined
    const one = single ? [{ from, to: target, name: 'default', typeOnly }] : []
    if (list.startsWith('*')) return [...one, { from, to: target, name: '*', typeOnly }]
    const names = list
      .replace(/[{}]/g, '')
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)
    return [...one, ...names.map((each) => oneOf(from, target, each, typeOnly))]
  })
  const bare = [...text.matchAll(/^import '([^']+)'|import\('([^']+)'\)/gm)]
  return [
    ...named,
    ...bare.map(([, at, later]) => ({ from, to: resolved(from, at ?? later ?? ''), name: '*', typeOnly: false })),
  ]
}

const oneOf = (from: string, to: string, text: string, typeOnly: boolean): NamedImport => ({
  from,
  to,
  name: /^(?:type )?(\w+)/.exec(text)?.[1] ?? text,
  typeOnly: typeOnly || text.startsWith('type '),
})

const resolved = (from: string, to: string) => (to.startsWith('.') ? normalize(join(dirname(from), to)) : to)
