/** Runs maintenance on Node: in a worker thread for a database file, in this process for a server. */
import { dataFolder } from '../../../adapters/libsql/maintenance/data-folder.ts'
import { inThread } from '../../../adapters/libsql/maintenance/in-thread.ts'
import { isDamageMessage } from '../../../adapters/libsql/soundness.ts'
import { inProcess } from '../../../modules/maintenance/in-process.ts'
import { writeMap } from '../../../modules/maintenance/map/map-files.ts'
import { remoteWork } from '../../../modules/maintenance/remote-work.ts'
import type { Execute } from '../../../modules/maintenance/service.ts'
import type { Deps } from '../../../ports/index.ts'

interface MaintenanceDeps extends Pick<Deps, 'clock' | 'config' | 'database'> {
  /** Called when a check of a file finds damage, which normal statements may not meet for long. */
  onDamage?: (words: string) => void
}

export function nodeMaintenance(deps: MaintenanceDeps): Execute {
  const { url } = deps.config.database
  if (url.startsWith('file:')) return reportingDamage(inThread(deps.config), deps.onDamage)
  // The map contains only the host of its address.
  const db_map = writeMap(dataFolder(deps.config.dataDir), new URL(url).host)
  return inProcess(deps, remoteWork('server', Number.POSITIVE_INFINITY, { db_map }))
}

const reportingDamage =
  (execute: Execute, onDamage: MaintenanceDeps['onDamage']): Execute =>
  async (request, options) => {
    const report = await execute(request, options)
    const { quick_check, integrity_check } = report.steps
    const problems = [quick_check, integrity_check].flatMap((step) => step?.result?.problems ?? [])
    const damage = problems.find(isDamageMessage)
    if (damage) onDamage?.(damage)
    return report
  }
