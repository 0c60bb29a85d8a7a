/**
 * Adopts a database of VX11 that has no record of migrations: adds what is missing, changes no row, and records the
 * first migration last. Whatever ends it early, the next run looks again and goes on.
 */
import type { Client } from '@libsql/client'
import type { MigrationMeta } from 'drizzle-orm/migrator'
import { type AdoptionPlan, type AdoptionStep, type Difference, planAdoption } from '../../../db/adoption/plan.ts'
import { readShape } from '../../../db/adoption/read-shape.ts'
import { recognise } from '../../../db/adoption/recognise.ts'
import type { AdoptionReport } from '../../../db/adoption/report.ts'
import { type DatabaseShape, fold } from '../../../db/adoption/shape.ts'
import { DatabaseFailure } from '../../../db/failure.ts'
import { reader } from '../read-rows.ts'
import { lastMigration, recordMigration } from './journal.ts'
import { readMigrations, shapeAfter } from './migrations.ts'

/** Another process may change the schema between a look and a change; each time it does, less is left to add. */
const looks = 4

/** A plan and where it came from. */
export interface AdoptionLook extends AdoptionReport {
  /** Applied migrations that the plan compares with; the first one before there is a record. */
  migrations: MigrationMeta[]
  recorded: boolean
}

/**
 * What adoption would do, without doing it; null for an empty database. Of one that has a record it tells what is
 * still missing, such as a UNIQUE whose duplicates are gone by now.
 */
export async function lookAt(client: Client): Promise<AdoptionLook | null> {
  const newest = await lastMigration(client)
  const [first, ...later] = readMigrations()
  if (!first) throw new Error('the folder migrations/ holds no migration')
  const migrations = [first, ...later.filter(({ folderMillis }) => newest !== null && folderMillis <= newest)]
  const target = await shapeAfter(migrations)
  const actual = await readShape(
    reader(client),
    [...target.tables.values()].map(({ name }) => name),
  )
  const wanted = new Set(target.tables.keys())
  const { kind, known } = recognise(actual, wanted)
  if (kind === 'empty') return null
  if (kind === 'foreign') throw foreign(known)
  const plan = await withoutDuplicates(client, planAdoption(actual, target))
  // Looked for again behind the tables: another process may have made both in between.
  const recorded = newest !== null || (await lastMigration(client)) !== null
  return { ...plan, unknownTables: unknownTables(actual, wanted), migrations, recorded }
}

/**
 * Null when there was nothing to adopt: an empty database. What is in `steps` was added, all of it; `begin` runs before
 * the first change.
 */
export async function adopt(client: Client, begin: () => Promise<void>): Promise<AdoptionLook | null> {
  const added: AdoptionStep[] = []
  for (let attempt = 1; ; attempt++) {
    const look = await lookAt(client)
    if (!look) return null
    if (attempt === 1) await begin()
    try {
      await apply(client, look, (steps) => added.push(...steps))
      return { ...look, steps: added }
    } catch (error) {
      if (attempt === looks || !isStale(error)) throw error
    }
  }
}

async function apply(
  client: Client,
  { steps, migrations, recorded }: AdoptionLook,
  done: (steps: AdoptionStep[]) => void,
) {
  const light = steps.filter(({ heavy }) => !heavy)
  const pieces = [light, ...steps.filter(({ heavy }) => heavy).map((step) => [step])]
  for (const piece of pieces.filter(({ length }) => length > 0)) {
    await client.batch(
      piece.map(({ sql }) => sql),
      'write',
    )
    done(piece)
  }
  if (!recorded && migrations[0]) await client.batch(recordMigration(migrations[0]), 'write')
}

/** What another process added meanwhile, or a duplicate that it wrote: a second look sees it. */
const isStale = (error: unknown) =>
  error instanceof Error && /already exists|duplicate column name|UNIQUE constraint failed|no such/.test(error.message)

/** Moves the unique indexes that rows stand against from what is added to what is reported. */
async function withoutDuplicates(client: Client, plan: AdoptionPlan): Promise<AdoptionPlan> {
  const steps: AdoptionStep[] = []
  const refused: Difference[] = []
  for (const step of plan.steps) {
    const repeated = step.duplicates ? await readCount(client, step.duplicates) : 0
    if (repeated === 0) steps.push(step)
    else refused.push({ kind: 'unique', place: step.place, words: duplicateWords(repeated, step) })
  }
  return { ...plan, steps, differences: [...refused, ...plan.differences] }
}

const readCount = async (client: Client, sql: string) => Number((await client.execute(sql)).rows[0]?.[0] ?? 0)

function duplicateWords(repeated: number, { isParentKey }: AdoptionStep): string {
  const values = repeated === 1 ? 'one value' : `${repeated} values`
  return `has ${values} in several rows${isParentKey ? ', so rows that refer to it are refused' : ''}`
}

const unknownTables = ({ objects }: DatabaseShape, wanted: ReadonlySet<string>) =>
  [...objects.values()]
    .filter(({ type, name }) => type === 'table' && !wanted.has(fold(name)) && !/^(sqlite_|__drizzle)/.test(name))
    .map(({ name }) => name)

function foreign(known: number): DatabaseFailure {
  const few = known === 0 ? 'none of them is' : `only ${known} of them ${known === 1 ? 'is' : 'are'}`
  return new DatabaseFailure(
    'foreign',
    `holds tables but no record of migrations, and ${few} VX11’s. Name VX11’s database or an empty one.`,
  )
}
