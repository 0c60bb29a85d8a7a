/** Looks for the log or backups of a missing database file before a new one is created in its place. */
import { stat } from 'node:fs/promises'
import { DatabaseFailure } from '../../db/failure.ts'
import { listBackups } from './maintenance/rotation.ts'

/** A failure if the file is missing or empty although it existed before; else null. */
export async function missingFile(path: string, backupFolder: string): Promise<DatabaseFailure | null> {
  const bytes = await bytesOf(path)
  if (bytes !== null && bytes > 0) return null
  const left = [
    ...((await bytesOf(`${path}-wal`)) ? ['a write-ahead log with rows in it lies beside it'] : []),
    ...((await listBackups(backupFolder)).length > 0 ? [`there are backups in ${backupFolder}`] : []),
  ]
  if (left.length === 0) return null
  const what = bytes === null ? 'missing' : 'empty'
  const words = `is ${what}, although ${left.join(', and ')}. Put the file back or run \`npm run db -- restore\`;`
  return new DatabaseFailure(what, `${words} \`npm run db:migrate\` begins a new one.`)
}

const bytesOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )
