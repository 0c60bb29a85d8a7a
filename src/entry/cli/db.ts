/** `npm run db -- <command> [options]`: runs the database commands. */

import type { Config } from '../../config/config.ts'
import { parseConfig } from '../../config/config.ts'

/** Prints its result and resolves to the exit status. */
export type DbCommand = (args: string[], config: Config) => Promise<number>

interface Listed {
  summary: string
  load: () => Promise<DbCommand>
}

const commands: Readonly<Record<string, Listed>> = {
  adopt: {
    summary: 'adds what a database of VX11 lacks; --dry-run only shows it',
    load: async () => (await import('./db-commands/adopt.ts')).adoptCommand,
  },
  migrate: {
    summary: 'brings the database to the state of migrations/',
    load: async () => (await import('./db-commands/migrate.ts')).migrate,
  },
  maintain: {
    summary: 'checks, backs up, thins out and maps the database; --help lists what can be left out',
    load: async () => (await import('./db-commands/maintain.ts')).maintain,
  },
  backup: {
    summary: 'makes a verified backup and moves older ones to archived/',
    load: async () => (await import('./db-commands/backup.ts')).backup,
  },
  restore: {
    summary: 'puts a backup in the place of the database; without a file it lists what there is',
    load: async () => (await import('./db-commands/restore.ts')).restoreBackup,
  },
  retention: {
    summary: 'lists the rows that are older than their table keeps them; --apply deletes them',
    load: async () => (await import('./db-commands/retention.ts')).retention,
  },
  map: {
    summary: 'writes the map and the schema of the database into the data folder',
    load: async () => (await import('./db-commands/map.ts')).map,
  },
  seed: {
    summary: 'makes a file as VX11 left it: --rows 1150000 --tables 86 --file legacy.db',
    load: async () => (await import('./db-commands/seed.ts')).seed,
  },
  'verify-ledger': {
    summary: 'recomputes the hash chain of the forensic ledger [--from ID] [--to ID]',
    load: async () => (await import('./db-commands/verify-ledger.ts')).verifyLedger,
  },
}

/** Commands do not listen, so production's rule that a token must be set does not apply. */
const environment = { ...process.env, VX11_ENV: 'development' }

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined

try {
  process.exitCode = command ? await (await command.load())(args, parseConfig(environment)) : explain()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

function explain(): number {
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(14)} ${summary}`)
  process.stderr.write(`npm run db -- <command>\n\n${lines.join('\n')}\n\nThe database is VX11_DATABASE_URL.\n`)
  return 2
}
