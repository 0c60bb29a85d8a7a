/** Does the weekly run now, with progress on the terminal. */
import { maintenanceRequest } from '../../../db/maintenance/request.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'
import { printReport, runHere } from './run-here.ts'

export interface MaintainOptions extends JsonOption {
  apply?: true
  plan?: true
  backup: boolean
  vacuum?: true
}

export async function maintain({ apply, plan, backup, vacuum, json }: MaintainOptions): Promise<number> {
  const request = maintenanceRequest('command', { apply: plan ? false : apply, backup, vacuum })
  return printReport(await runHere(request, commandConfig()), json)
}
