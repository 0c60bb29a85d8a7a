/** Where maintenance runs on Node: a thread for a database file, this process for a server. */
import { dataFolder } from '../../../adapters/libsql/maintenance/data-folder.ts'
import { inThread } from '../../../adapters/libsql/maintenance/in-thread.ts'
import { inProcess } from '../../../modules/maintenance/in-process.ts'
import { writeMap } from '../../../modules/maintenance/map/map-files.ts'
import { remoteWork } from '../../../modules/maintenance/remote-work.ts'
import type { Execute } from '../../../modules/maintenance/service.ts'
import type { Deps } from '../../../ports/index.ts'

export function nodeMaintenance(deps: Pick<Deps, 'clock' | 'config' | 'database'>): Execute {
  const { url } = deps.config.database
  if (url.startsWith('file:')) return inThread(deps.config)
  // The map names the server, and nothing else of its address.
  const db_map = writeMap(dataFolder(deps.config.dataDir), new URL(url).host)
  return inProcess(deps, remoteWork('server', Number.POSITIVE_INFINITY, { db_map }))
}
