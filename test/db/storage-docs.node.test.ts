import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableName, isTable } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/storage.md'), 'utf8')
const rows = [...page.matchAll(/^\| \[\w+\]\(\.\.\/(src\/db\/schema\/[\w-]+\.ts)\) \| (.*) \|$/gm)]

describe('docs/storage.md', () => {
  it('lists the tables of each owner, all 88', async () => {
    const listed = rows.map(([, file, tables]) => [file, tables?.replaceAll('`', '').split(', ')])
    const declared = await Promise.all(
      rows.map(async ([, file]) => {
        const module: Record<string, unknown> = await import(join(root, file ?? ''))
        return [file, Object.values(module).filter(isTable).map(getTableName).sort()]
      }),
    )
    expect(listed).toEqual(declared)
    expect(declared.flatMap(([, tables]) => tables)).toHaveLength(88)
  })

  it('links only to files that exist', () => {
    const links = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path ?? '')
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
