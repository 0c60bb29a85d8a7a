/** Which code does which step, what a store cannot do, and what is left alone when the database is damaged. */

import type { StepName } from '../../../db/maintenance/report.ts'
import {
  type MaintenanceStep,
  type StepContext,
  type StepOutcome,
  type Steps,
  type StoreWork,
  skippedStep,
} from '../outcome.ts'
import { foreignKeyCheck, integrityCheck, quickCheck } from './checks.ts'
import { countRows } from './counts.ts'
import { optimize } from './optimize.ts'
import { retain } from './retention.ts'

/** The platform's own steps stand over these, which every store can try. */
export function stepsFor(work: StoreWork): Steps {
  const { store, steps } = work
  const cannot = (reason: string) => async () => skippedStep(reason)
  const table: Steps = {
    quick_check: unlessRefused(quickCheck, 'PRAGMA quick_check'),
    integrity_check: unlessRefused(integrityCheck, 'PRAGMA integrity_check'),
    foreign_key_check: unlessRefused(foreignKeyCheck, 'PRAGMA foreign_key_check'),
    backup: cannot(backupsElsewhere[store]),
    backup_rotation: cannot('There are no backups of a remote database here.'),
    retention: (context) => retain(context, work),
    wal_checkpoint: cannot('The store does this itself.'),
    optimize: unlessRefused(optimize, 'PRAGMA optimize'),
    vacuum: cannot('The store does not allow VACUUM.'),
    counts: countRows,
    db_map: cannot('There is no data folder on this platform.'),
    ...steps,
  }
  return {
    ...table,
    backup: ifSound(table.backup),
    backup_rotation: ifSound(table.backup_rotation),
    retention: ifSound(withCopy(table.retention)),
    optimize: ifSound(table.optimize),
    vacuum: ifSound(table.vacuum),
  }
}

const backupsElsewhere = {
  file: 'This build makes no backups of a file.',
  server: 'Backups of a libSQL server are made where it runs.',
  d1: 'Cloudflare keeps the history of a D1 database (Time Travel).',
}

/** sqld and D1 allow a list of statements; what is not on it is no failure of the database. */
const refusal = /SQLITE_AUTH|not authorized|unsupported statement|SQL_PARSE_ERROR|not allowed/i

const unlessRefused =
  <Name extends StepName>(step: MaintenanceStep<Name>, statement: string): MaintenanceStep<Name> =>
  async (context) => {
    try {
      return await step(context)
    } catch (error) {
      if (!causes(error).some((words) => refusal.test(words))) throw error
      return skippedStep(`The store refuses ${statement}.`) as StepOutcome<Name>
    }
  }

function causes(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...causes(error.cause)] : []
}

/** A damaged database is neither changed nor copied over good copies. */
const ifSound =
  <Name extends StepName>(step: MaintenanceStep<Name>): MaintenanceStep<Name> =>
  async (context) =>
    isDamaged(context)
      ? (skippedStep('The database is damaged; restore a backup (docs/maintenance.md).') as StepOutcome<Name>)
      : step(context)

const isDamaged = ({ steps: { quick_check: quick, integrity_check: whole } }: StepContext) =>
  [quick, whole].some((check) => check?.status === 'found' || check?.status === 'failed')

/** Where a backup was to be made and was not, nothing is deleted. */
const withCopy =
  (step: MaintenanceStep<'retention'>): MaintenanceStep<'retention'> =>
  (context) =>
    step(context.steps.backup?.status === 'failed' ? { ...context, apply: false } : context)
