/** `npm run db -- maintain`: does the weekly run now, with progress on the terminal. */
import { parseArgs } from 'node:util'
import { maintenanceRequest } from '../../../db/maintenance/request.ts'
import type { DbCommand } from '../db.ts'
import { runHere, tellReport } from './run-here.ts'

const usage = `npm run db -- maintain [options]

  --apply           delete what retention finds, whatever the size of the database
  --plan            delete nothing
  --no-backup       make no backup
  --vacuum          give free pages back to the disk; keeps every writer out meanwhile
  --json            print the whole report
`

export const maintain: DbCommand = async (args, config) => {
  const { values } = parseArgs({
    args,
    options: {
      apply: { type: 'boolean' },
      plan: { type: 'boolean' },
      backup: { type: 'boolean' },
      vacuum: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowNegative: true,
  })
  if (values.help || (values.apply && values.plan)) {
    process.stdout.write(usage)
    return values.help ? 0 : 2
  }
  const apply = values.plan ? false : values.apply
  const request = maintenanceRequest('command', { apply, backup: values.backup, vacuum: values.vacuum })
  return tellReport(await runHere(request, config), values.json ?? false)
}
