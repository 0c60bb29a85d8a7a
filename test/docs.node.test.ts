/** Holds pages that list what code knows to that code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src/errors/gateway-error.ts'
import { pageWithRoutes } from './support/http-docs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md'),
)

describe('docs/errors.md', () => {
  it('has one row for each code of the catalogue, in its order', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+?) \|$/gm)]
    const documented = rows.map(([, code, status, meaning]) => ({ code, status: Number(status), meaning }))
    const declared = Object.entries(catalogue).map(([code, { status, detail }]) => ({ code, status, meaning: detail }))
    expect(documented).toEqual(declared)
  })
})

describe('docs/http.md', () => {
  it('lists the routes as the OpenAPI document has them (npm run docs)', async () => {
    const page = read('docs/http.md')
    expect(page).toBe(await pageWithRoutes(page))
  })
})

describe('every page', () => {
  it('links to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(dirname(page), target ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page} -> ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !(name in scripts))
        .map((name) => `${page}: npm run ${name}`),
    )
    expect(unknown).toEqual([])
  })
})
