/** Looks for what a database file left behind before a new one is begun in its place: its log, or backups of it. */
import { stat } from 'node:fs/promises'
import { DatabaseFailure } from '../../db/failure.ts'
import { listBackups } from './maintenance/rotation.ts'

/** Null for a file with content, and for a place where nothing was. Says what is missing, else. */
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
