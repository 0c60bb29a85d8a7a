/** Explains in one sentence why a libSQL database cannot be used and what to do; never shows a token. */
import { DatabaseFailure, type DatabaseFault } from '../../db/failure.ts'
import type { RemoteAddress } from './remote.ts'

const advice: readonly [pattern: RegExp, fault: DatabaseFault, sentence: string][] = [
  [/FILE_MISSING/, 'missing', 'is gone: it was removed or moved away. Put it back, or restore a backup.'],
  [/FILE_EMPTIED/, 'empty', 'is empty. Restore a backup.'],
  [/no such table/, 'empty', 'has none of VX11’s tables. Restore a backup, or restart the gateway to make them.'],
  [/FILE_REPLACED/, 'replaced', 'was replaced while it was open, and is opened anew.'],
  [/OVERLOADED/, 'overloaded', 'has more statements waiting than it may have. Try again when it has caught up.'],
  [/CLIENT_CLOSED/, 'closed', 'is closed.'],
  [/SQLITE_NOTADB/, 'not_a_database', 'is not a SQLite database. Move the file away or name another one.'],
  [
    /SQLITE_CORRUPT|malformed/,
    'corrupt',
    'is damaged. Stop what writes to it, keep a copy, and restore a backup, or rebuild it with `sqlite3 … .recover`.',
  ],
  [/SQLITE_FULL|ENOSPC|SQLITE_IOERR_(WRITE|SHMSIZE)/, 'full', 'lies on a disk without room. Free some space.'],
  [
    /SQLITE_CANTOPEN|ConnectionFailed|EACCES|EPERM|EROFS|ENOTDIR|EEXIST|SQLITE_READONLY/,
    'read_only',
    'cannot be opened for writing. Check the path and its rights, and those of its folder.',
  ],
  [/SQLITE_BUSY|SQLITE_LOCKED/, 'locked', 'is locked by another process. Let it finish, then try again.'],
  [/HTTP status 40[13]/, 'unauthorized', 'refuses the token. Set VX11_DATABASE_AUTH_TOKEN to one that may write.'],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|fetch failed/,
    'unreachable',
    'cannot be reached. Start the server or correct VX11_DATABASE_URL.',
  ],
  [/TimeoutError|TIMEOUT/, 'timeout', 'does not answer in time. See whether the server is overloaded, then try again.'],
  [
    /URL_INVALID|URL_SCHEME_NOT_SUPPORTED|URL_PARAM_NOT_SUPPORTED|Invalid URL|includes credentials/,
    'misconfigured',
    'is no address of a database. Use file:, libsql:, https: or http:.',
  ],
]

/** The DatabaseFailure for an error; its message is the gateway's own, except for unknown errors. */
export function databaseFailure(error: unknown, { url }: RemoteAddress): DatabaseFailure {
  const reasons = [...causes(error)]
  const [, fault, sentence] = advice.find(([pattern]) => reasons.some((reason) => pattern.test(reason))) ?? []
  const known = error instanceof DatabaseFailure ? error : { fault, message: sentence }
  const words = `${url} ${known.message ?? `cannot be used: ${reasons.at(-1) ?? 'unknown error'}`}`
  return new DatabaseFailure(known.fault ?? 'unavailable', withoutSecrets(words), { cause: error })
}

/** Each error of the cause chain as `code extended name: message`; the store's own message comes last. */
function* causes(error: unknown): Generator<string> {
  for (let current = error; current instanceof Error; current = current.cause) {
    const codes = [codeOf(current, 'code'), codeOf(current, 'extendedCode')].filter((code) => code !== '').join(' ')
    yield `${codes} ${current.name}: ${current.message}`.replace(/\s+/g, ' ').trim()
  }
}

const codeOf = (error: Error, member: 'code' | 'extendedCode'): string =>
  member in error ? String((error as unknown as Record<string, unknown>)[member] ?? '') : ''

/** Removes query and user info of URLs, which may contain a token. */
function withoutSecrets(sentence: string): string {
  return sentence.replace(/\?[^\s]*/g, '').replace(/\/\/[^/\s]*@/g, '//')
}
