/** Tells which copies of the database there are, by their files. */
import { isoMoment } from '../../lib/moment-forms.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'
import type { Backups } from './schema.ts'

export type BackupDeps = Pick<Deps, 'config' | 'listBackups' | 'log'>

/** Never rejects. */
export async function readBackups({ config, listBackups, log }: BackupDeps, correlationId: string): Promise<Backups> {
  const none = { backups: null, total_bytes: null, keep: null, correlation_id: correlationId }
  if (!listBackups) return { ...none, reason: 'kept_by_the_store' }
  try {
    const files = await listBackups()
    return {
      backups: files.map(({ name, bytes, at, verifiable, archived }) => ({
        ...{ file: name, bytes, created_at: isoMoment(at), verifiable, archived },
      })),
      total_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      keep: config.backup.keep,
      reason: null,
      correlation_id: correlationId,
    }
  } catch (error) {
    log.warn('backups_not_read', { reason: rootReason(error) })
    return { ...none, reason: 'folder_unreadable' }
  }
}
