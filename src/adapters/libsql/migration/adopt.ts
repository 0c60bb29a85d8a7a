/**
 * Adopts a VX11 database without migration records: adds what is missing, changes no row, and records the
 * first migration last. After an interruption the next run continues.
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

/** Maximum attempts: another process may change the schema between reading and changing it. */
const looks = 4

/** An adoption plan and its basis. */
export interface AdoptionLook extends AdoptionReport {
  /** The migrations that define the target; only the first one without a record. */
  migrations: MigrationMeta[]
  recorded: boolean
}

/**
 * Plans an adoption without executing it; null for an empty database. For an adopted database it lists what is
 * still missing, such as a UNIQUE whose duplicates have been removed.
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
  // Checked again after the tables: another process may have created both meanwhile.
  const recorded = newest !== null || (await lastMigration(client)) !== null
  return { ...plan, unknownTables: unknownTables(actual, wanted), migrations, recorded }
}

/**
 * Null for an empty database. All `steps` of the result have been applied; `begin` runs before
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

/** True for a conflict with a concurrent change of another process; a new plan resolves it. */
const isStale = (error: unknown) =>
  error instanceof Error && /already exists|duplicate column name|UNIQUE constraint failed|no such/.test(error.message)

/** Moves unique indexes that existing rows violate from the steps to the reported differences. */
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
