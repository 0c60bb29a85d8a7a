import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getTableName, isTable } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { fileWork } from '../../../src/adapters/libsql/maintenance/file-work.ts'
import { parseConfig } from '../../../src/config/config.ts'
import * as schema from '../../../src/db/schema/index.ts'
import { ownerOf } from '../../../src/modules/maintenance/map/owners.ts'
import type { TableMap } from '../../../src/modules/maintenance/map/schema-map.ts'
import { checksOf } from '../../../src/modules/maintenance/map/table-checks.ts'
import { databaseFile } from '../../support/database-file.ts'
import { forgetRuns, runOn } from './runs.ts'

const file = databaseFile()

async function writtenMap() {
  const { folder, path, database } = file()
  const config = parseConfig({ VX11_DATA_DIR: join(folder, 'data'), VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests' })
  const work = fileWork(path, config)
  const report = await runOn(database, { steps: ['integrity_check', 'counts', 'db_map'] }, { work }).run
  const files = report.steps.db_map?.result?.files ?? []
  const [json = '', markdown = '', meta = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return { files, map: JSON.parse(json) as { database: string; tables: TableMap[] }, markdown, meta, report }
}

describe('the map of the database', () => {
  beforeEach(() => forgetRuns(file().database))

  it('has all tables of the schema with their modules, in three files under v7’s names', async () => {
    const { files, map, meta, report } = await writtenMap()
    const names = ['DB_SCHEMA_v7_FINAL.json', 'DB_MAP_v7_FINAL.md', 'DB_MAP_v7_META.txt']
    expect(files).toEqual(names.map((name) => join(file().folder, 'data/maintenance', name)))
    expect(map.database).toBe(file().path)
    const declared = Object.values(schema).filter(isTable).map(getTableName).sort()
    expect(map.tables.map(({ table }) => table)).toEqual(declared)
    expect(map.tables.filter(({ module }) => module === null)).toEqual([])
    expect(meta).toBe(`integrity=ok\nintegrity_skipped=0\nsize_bytes=${report.size_bytes}\n`)
  })

  it('has columns, keys, rows and, unlike v7’s, indexes and checks', async () => {
    const { tables } = (await writtenMap()).map
    const table = (name: string) => tables.find(({ table }) => table === name)
    expect(table('system_state')).toMatchObject({ rows: 1, status: 'ACTIVE', module: 'madre' })
    expect(table('system_state')?.columns[1]).toEqual({
      ...{ cid: 1, name: 'key', type: 'VARCHAR(128)', notnull: true, dflt_value: null, pk: false, pk_position: 0 },
    })
    expect(table('incidents')).toMatchObject({ rows: 0, status: 'EMPTY (READY)', module: 'hormiguero' })
    expect(table('incidents')?.indexes).toContainEqual({
      ...{ name: 'idx_incidents_detected_at', unique: false, origin: 'c', partial: false, columns: ['detected_at'] },
    })
    expect(table('operator_message')?.foreign_keys[0]).toMatchObject({ table: 'operator_session', to: 'session_id' })
    expect(table('operator_events')?.checks.join()).toContain('severity')
    expect(table('canonical_docs_legacy_20251220T212937Z')?.status).toBe('LEGACY - preserved')
  })

  it('reads well as Markdown', async () => {
    const { markdown } = await writtenMap()
    expect(markdown).toContain('## Tables (88)\n')
    expect(markdown).toContain('\n### system_state (ACTIVE)\n\n- **Module:** madre\n- **Rows:** 1\n- **Columns:**\n')
    expect(markdown).toContain('  - `idx_incidents_detected_at` (detected_at)\n')
  })
})

describe('the owner of a table', () => {
  it('is the file of src/db/schema that declares it', async () => {
    for (const table of Object.values(schema).filter(isTable)) {
      const owner = ownerOf(getTableName(table))
      const file: Record<string, unknown> = await import(`../../../src/db/schema/${owner?.replaceAll('_', '-')}.ts`)
      expect(Object.values(file)).toContain(table)
    }
    expect(ownerOf('constructor')).toBeNull()
  })
})

describe('the checks in a table’s DDL', () => {
  it.each([
    ['CREATE TABLE t (a INT CHECK (a > 0), b TEXT)', ['a > 0']],
    [
      "CREATE TABLE t (a TEXT CHECK(a IN ('x)', 'it''s')), CONSTRAINT c CHECK ((a) <> ''))",
      ["a IN ('x)', 'it''s')", "(a) <> ''"],
    ],
    ['CREATE TABLE t ("check" INT, [check (] INT, a TEXT DEFAULT \'CHECK (no)\')', []],
    ['CREATE TABLE t (a INT) -- CHECK (no)', []],
    ['CREATE TABLE t (a INT CHECK (a > 0', []],
    ['', []],
  ])('are found in %s', (ddl, checks) => {
    expect(checksOf(ddl)).toEqual(checks)
  })
})
