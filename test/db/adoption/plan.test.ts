import { describe, expect, it } from 'vitest'
import { isAutoincrement, readChecks, sameDefault } from '../../../src/db/adoption/constraints.ts'
import { planAdoption } from '../../../src/db/adoption/plan.ts'
import type { ColumnShape, DatabaseShape, IndexShape, TableShape } from '../../../src/db/adoption/shape.ts'
import { fold } from '../../../src/db/adoption/shape.ts'

const column = (name: string, more: Partial<ColumnShape> = {}): ColumnShape => ({
  name,
  type: 'TEXT',
  notNull: false,
  default: null,
  keyPlace: 0,
  ...more,
})
const id = column('id', { type: 'INTEGER', keyPlace: 1 })

const index = (name: string, columns: string[], more: Partial<IndexShape> = {}): IndexShape => ({
  name,
  unique: false,
  plain: true,
  columns,
  ...more,
})

const table = (name: string, columns: ColumnShape[], more: Partial<TableShape> = {}): TableShape => ({
  name,
  ddl: `CREATE TABLE ${name} (…)`,
  filled: true,
  columns,
  indexes: [],
  foreignKeys: [],
  ...more,
})

/** Indexes are given DDL, as those of migrations have. */
function database(tables: TableShape[], further: [name: string, type: string][] = []): DatabaseShape {
  const indexes = tables.flatMap(({ name, indexes }) => indexes.map((each) => [each.name, 'index', name] as const))
  const objects = [
    ...tables.map(({ name }) => [name, 'table', name] as const),
    ...indexes,
    ...further.map(([name, type]) => [name, type, name] as const),
  ]
  return {
    tables: new Map(tables.map((each) => [fold(each.name), each])),
    objects: new Map(
      objects.map(([name, type, of]) => [fold(name), { type, name, table: of, ddl: `CREATE ${type} ${name}` }]),
    ),
  }
}

describe('what an adoption adds', () => {
  it('is nothing to a database that has everything', () => {
    const whole = database([table('tasks', [id, column('name')], { indexes: [index('idx_name', ['name'])] })])
    expect(planAdoption(whole, whole)).toEqual({ steps: [], differences: [], unknownColumns: [] })
  })

  it('is tables first, then columns, then indexes', () => {
    const target = database([
      table('tasks', [id, column('name')], { indexes: [index('idx_name', ['name'])] }),
      table('spawns', [id]),
    ])
    const { steps } = planAdoption(database([table('tasks', [id])]), target)
    expect(steps.map(({ kind, place }) => `${kind} ${place}`)).toEqual([
      'table spawns',
      'column tasks.name',
      'index tasks(name)',
    ])
  })

  it('compares names without case, as SQLite does', () => {
    const target = database([table('tasks', [id, column('name')])])
    expect(planAdoption(database([table('TASKS', [id, column('Name')])]), target).steps).toEqual([])
  })

  it.each<[string, Partial<ColumnShape>, boolean, string, string | null]>([
    ['a plain column', {}, true, 'TEXT', null],
    ['a constant default', { default: "'a b'" }, true, "TEXT DEFAULT 'a b'", null],
    ['NOT NULL with a constant default', { default: '3', notNull: true }, true, 'TEXT DEFAULT 3 NOT NULL', null],
    ['NOT NULL alone, with rows', { notNull: true }, true, 'TEXT', 'comes without NOT NULL'],
    ['NOT NULL alone, without rows', { notNull: true }, false, 'TEXT NOT NULL', null],
    [
      'a moment as default, with rows',
      { default: 'CURRENT_TIMESTAMP', notNull: true },
      true,
      'TEXT',
      'comes without NOT NULL, DEFAULT CURRENT_TIMESTAMP',
    ],
    [
      'a moment as default, without rows',
      { default: 'CURRENT_TIMESTAMP' },
      false,
      'TEXT DEFAULT CURRENT_TIMESTAMP',
      null,
    ],
    ['an expression as default, without rows', { default: '1 + 1' }, false, 'TEXT DEFAULT (1 + 1)', null],
    ['a column of the key', { keyPlace: 2, notNull: true }, false, 'TEXT', 'comes without PRIMARY KEY, NOT NULL'],
  ])('is as much of %s as SQLite takes', (_words, declared, filled, definition, lost) => {
    const target = database([table('tasks', [id, column('name', declared)])])
    const { steps, differences } = planAdoption(database([table('tasks', [id], { filled })]), target)
    expect(steps.map(({ sql }) => sql)).toEqual([`ALTER TABLE "tasks" ADD COLUMN "name" ${definition}`])
    expect(differences.map(({ words }) => words)).toEqual(lost ? [lost] : [])
  })

  it('is a column with its reference', () => {
    const foreignKeys = [{ columns: ['parent'], parent: 'tasks', references: ['id'], onDelete: 'NO ACTION' }]
    const target = database([table('tasks', [id, column('parent')], { foreignKeys })])
    const { steps, differences } = planAdoption(database([table('tasks', [id])]), target)
    expect(steps[0]?.sql).toBe(
      'ALTER TABLE "tasks" ADD COLUMN "parent" TEXT REFERENCES "tasks"("id") ON DELETE NO ACTION',
    )
    expect(differences).toEqual([])
  })
})

describe('an index', () => {
  const target = (unique: boolean) =>
    database([table('tasks', [id, column('a'), column('b')], { indexes: [index('wanted', ['a', 'b'], { unique })] })])
  const plan = (unique: boolean, indexes: IndexShape[], filled = true) =>
    planAdoption(database([table('tasks', [id, column('a'), column('b')], { indexes, filled })]), target(unique))

  it.each<[string, boolean, IndexShape, number]>([
    ['one of another name', false, index('other', ['a', 'b']), 0],
    ['a unique one for one that need not be', false, index('other', ['a', 'b'], { unique: true }), 0],
    ['one in another order', false, index('other', ['b', 'a']), 1],
    ['a unique one in another order', true, index('other', ['b', 'a'], { unique: true }), 0],
    ['one that is not unique', true, index('other', ['a', 'b']), 1],
    [
      'a unique one over some rows alone, or without case',
      true,
      index('other', ['a', 'b'], { unique: true, plain: false }),
      1,
    ],
    ['a unique one over fewer columns', true, index('other', ['a'], { unique: true }), 1],
  ])('is served or not by %s', (_words, unique, there, steps) => {
    expect(plan(unique, [there]).steps).toHaveLength(steps)
  })

  it('is served by the primary key', () => {
    const wanted = database([table('tasks', [id], { indexes: [index('wanted', ['id'], { unique: true })] })])
    expect(planAdoption(database([table('tasks', [id])]), wanted).steps).toEqual([])
  })

  it('is reported where its name belongs to something else', () => {
    const { steps, differences } = plan(false, [index('wanted', ['b'])])
    expect(steps).toEqual([])
    expect(differences).toMatchObject([{ kind: 'name', words: 'the name wanted belongs to an index of another form' }])
  })

  it('asks for duplicates where there can be some', () => {
    expect(plan(true, []).steps[0]).toMatchObject({
      heavy: true,
      duplicates: expect.stringContaining('GROUP BY "a", "b"'),
    })
    expect(plan(true, [], false).steps[0]?.duplicates).toBeUndefined()
    expect(plan(false, []).steps[0]?.duplicates).toBeUndefined()
    const added = planAdoption(database([table('tasks', [id, column('a')])]), target(true))
    expect(added.steps.at(-1)?.duplicates).toBeUndefined()
  })
})

describe('what an adoption reports', () => {
  it('is a table whose name belongs to a view, with nothing tried on it', () => {
    const target = database([table('tasks', [id], { indexes: [index('idx', ['id'])] })])
    const { steps, differences } = planAdoption(database([], [['tasks', 'view']]), target)
    expect(steps).toEqual([])
    expect(differences).toMatchObject([{ kind: 'name', place: 'tasks', words: expect.stringContaining('a view') }])
  })

  it('is each declaration of another form', () => {
    const foreignKeys = [{ columns: ['parent'], parent: 'tasks', references: ['id'], onDelete: 'NO ACTION' }]
    const ddl = "CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, CONSTRAINT c CHECK(kind IN ('a', 'b')))"
    const wanted = table('tasks', [id, column('parent'), column('kind', { default: "'a'" })], { ddl, foreignKeys })
    const there = table('Tasks', [
      { ...id, keyPlace: 0 },
      column('parent', { type: 'VARCHAR(9)', notNull: true }),
      column('kind'),
      column('own'),
    ])
    const { steps, differences, unknownColumns } = planAdoption(database([there]), database([wanted]))
    expect(steps).toEqual([])
    expect(unknownColumns).toEqual(['tasks.own'])
    expect(differences.map(({ place, words }) => `${place} ${words}`)).toEqual([
      'tasks.id is outside of the key, not at place 1 of the key',
      'tasks.parent is VARCHAR(9), not TEXT',
      'tasks.parent is NOT NULL',
      "tasks.kind has no default, not has the default 'a'",
      'tasks.parent does not reference tasks(id)',
      "tasks lacks CHECK(kind in('a','b'))",
      'tasks may give an id twice: AUTOINCREMENT is missing',
    ])
  })
})

describe('what DDL alone tells', () => {
  it('are checks, whatever the brackets, quotes and blanks', () => {
    const scripts = `CREATE TABLE t (kind TEXT CHECK (kind  IN ('a)', 'it''s')), n INT, CHECK( (n) > 0 ))`
    const drizzle =
      'CREATE TABLE `t` (CONSTRAINT "n" CHECK(("n")>0),\n\tCONSTRAINT "k" CHECK(`kind` IN (\'a)\', \'it\'\'s\')))'
    expect(readChecks(scripts)).toEqual(readChecks(drizzle))
    expect(readChecks(scripts)).toHaveLength(2)
    expect(readChecks('CREATE TABLE t (checked INT)')).toEqual([])
  })

  it('is AUTOINCREMENT, unless it stands in a text', () => {
    expect(isAutoincrement('CREATE TABLE t (id INTEGER PRIMARY KEY autoincrement)')).toBe(true)
    expect(isAutoincrement("CREATE TABLE t (a TEXT DEFAULT 'AUTOINCREMENT')")).toBe(false)
  })

  it.each([
    ['TRUE', '1', true],
    ['(CURRENT_TIMESTAMP)', 'current_timestamp', true],
    ["'0'", '0', true],
    [null, 'NULL', true],
    ["'a'", "'A'", false],
    [null, '0', false],
  ])('are defaults: %s and %s', (one, other, same) => {
    expect(sameDefault(one, other)).toBe(same)
  })
})
