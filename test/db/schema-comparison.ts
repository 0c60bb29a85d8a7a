/** Holds the schema that migrations/ builds on a store against the declared one; one function for every store. */
import { describe, expect, it } from 'vitest'
import { type Query, readSchema } from './actual-schema.ts'
import { expectedSchema, type FixtureColumn, type FixtureTable, fixtureTables } from './expected-schema.ts'

/** `query` reaches a database that was empty before migrations/ was applied to it. */
export function describeSchema(store: string, query: Query): void {
  describe(`schema on ${store}`, () => {
    it('has exactly the 88 declared tables, column by column', async () => {
      const actual = await readSchema(query)
      expect(Object.keys(actual)).toHaveLength(88)
      expect(actual).toEqual(expectedSchema())
    })

    it('takes a row in each table without breaking a foreign key', async () => {
      // Inside workerd the test files share one store: work that an earlier one left behind may have written since.
      for (const { name } of parentsFirst().toReversed()) await query(`DELETE FROM "${name}"`)
      for (const table of parentsFirst()) await query(insertOneRow(table))
      expect(await query('PRAGMA foreign_key_check')).toEqual([])
      for (const { name } of fixtureTables) {
        expect(await query(`SELECT count(*) AS rows FROM "${name}"`), name).toEqual([{ rows: 1 }])
      }
    })
  })
}

function parentsFirst(): FixtureTable[] {
  const ordered = new Set<FixtureTable>()
  const add = (table: FixtureTable) => {
    for (const { references } of table.foreignKeys ?? []) {
      const parent = fixtureTables.find(({ name }) => name === references.split('.')[0])
      if (parent && parent !== table && !ordered.has(parent)) add(parent)
    }
    ordered.add(table)
  }
  fixtureTables.forEach(add)
  return [...ordered]
}

/** Every value is 1, so that every foreign key finds its parent, except where a check lists what it allows. */
function insertOneRow({ name, columns, checks = [] }: FixtureTable): string {
  const value = (column: FixtureColumn) => {
    const check = checks.find((expression) => expression.startsWith(`${column.name} IN (`))
    return check?.match(/'[^']*'/)?.[0] ?? (/INT|BOOL|FLOAT|REAL/.test(column.type) ? '1' : "'1'")
  }
  const names = columns.map((column) => `"${column.name}"`)
  return `INSERT INTO "${name}" (${names.join(', ')}) VALUES (${columns.map(value).join(', ')})`
}
