/** `tentaculo db …`: works on the database itself, without asking a gateway. */
import { type Command, Option } from 'commander'
import { legacyTableCounts } from '../../../db/legacy/history.ts'
import { act } from '../command/act.ts'
import type { AdoptOptions } from '../db-commands/adopt.ts'
import type { MaintainOptions } from '../db-commands/maintain.ts'
import type { RestoreOptions } from '../db-commands/restore.ts'
import type { RetentionOptions } from '../db-commands/retention.ts'
import type { SeedFileOptions } from '../db-commands/seed.ts'
import type { VerifyOptions } from '../db-commands/verify-ledger.ts'
import { integer, type JsonOption, withJson } from './options.ts'

const maxSeedRows = 50_000_000
const rowId = integer(1, Number.MAX_SAFE_INTEGER)

export function addDb(root: Command): void {
  const db = root.command('db').description('works on the database that VX11_DATABASE_URL names')
  addShape(db)
  addUpkeep(db)
  addHistory(db)
}

function addShape(db: Command): void {
  withJson(db.command('migrate'))
    .description('brings the database to the state of migrations/')
    .action(act(async (options: JsonOption) => (await import('../db-commands/migrate.ts')).migrate(options)))

  withJson(db.command('adopt'))
    .description('adds what a database of VX11 lacks')
    .option('--dry-run', 'only show it')
    .action(act(async (options: AdoptOptions) => (await import('../db-commands/adopt.ts')).adoptHere(options)))

  withJson(db.command('map'))
    .description('writes the map and the schema of the database into the data folder')
    .action(act(async (options: JsonOption) => (await import('../db-commands/map.ts')).mapHere(options)))
}

function addUpkeep(db: Command): void {
  withJson(db.command('maintain'))
    .description('checks, backs up, thins out and maps the database')
    .addOption(
      new Option('--apply', 'delete what retention finds, whatever the size of the database').conflicts('plan'),
    )
    .option('--plan', 'delete nothing')
    .option('--no-backup', 'make no backup')
    .option('--vacuum', 'give free pages back to the disk; keeps every writer out meanwhile')
    .action(act(async (options: MaintainOptions) => (await import('../db-commands/maintain.ts')).maintain(options)))

  withJson(db.command('backup'))
    .description('makes a verified backup and moves older ones to archived/')
    .action(act(async (options: JsonOption) => (await import('../db-commands/backup.ts')).backUpHere(options)))

  withJson(db.command('restore'))
    .description('puts a backup in the place of the database; without a file it lists what there is')
    .argument('[file]', 'path or name of a backup')
    .option('--without-checksum', 'also a backup that has none')
    .action(
      act(async (file: string | undefined, options: RestoreOptions) =>
        (await import('../db-commands/restore.ts')).restoreBackup(file, options),
      ),
    )

  withJson(db.command('retention'))
    .description('lists the rows that are older than their table keeps them')
    .option('--apply', 'delete them')
    .action(act(async (options: RetentionOptions) => (await import('../db-commands/retention.ts')).retainHere(options)))
}

function addHistory(db: Command): void {
  withJson(db.command('verify-ledger'))
    .description('recomputes the hash chain of the forensic ledger; ends with 1 if it is broken')
    .option('--from <id>', 'first row', rowId, 1)
    .option('--to <id>', 'last row', rowId, Number.MAX_SAFE_INTEGER)
    .action(
      act(async (options: VerifyOptions) => (await import('../db-commands/verify-ledger.ts')).verifyLedger(options)),
    )

  withJson(db.command('seed'))
    .description('makes a file as VX11 left it, to try adoption')
    .option('--rows <n>', 'rows in all', integer(1, maxSeedRows), 1_150_000)
    .addOption(new Option('--tables <n>', 'tables').choices(legacyTableCounts.map(String)).default('86'))
    .option('--file <path>', 'where', 'legacy.db')
    .action(act(async (options: SeedFileOptions) => (await import('../db-commands/seed.ts')).seedFile(options)))
}
