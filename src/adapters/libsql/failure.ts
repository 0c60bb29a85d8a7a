/** Says in one sentence why a libSQL database cannot be used and what helps; never shows a token. */
import type { RemoteAddress } from './remote.ts'

const advice: readonly [pattern: RegExp, sentence: string][] = [
  [/SQLITE_NOTADB/, 'is not a SQLite database. Move the file away or name another one.'],
  [
    /SQLITE_CANTOPEN|ConnectionFailed|EACCES|EPERM|EROFS|ENOTDIR|EEXIST|SQLITE_READONLY/,
    'cannot be opened for writing. Check the path and its rights.',
  ],
  [/SQLITE_BUSY|SQLITE_LOCKED/, 'is locked by another process. Let it finish, then try again.'],
  [/already exists/, 'holds tables but no record of migrations. Name an empty database.'],
  [/HTTP status 40[13]/, 'refuses the token. Set VX11_DATABASE_AUTH_TOKEN to one that may write.'],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|fetch failed/,
    'cannot be reached. Start the server or correct VX11_DATABASE_URL.',
  ],
  [/TimeoutError/, 'does not answer in time. See whether the server is overloaded, then try again.'],
  [
    /URL_INVALID|URL_SCHEME_NOT_SUPPORTED|URL_PARAM_NOT_SUPPORTED|Invalid URL|includes credentials/,
    'is no address of a database. Use file:, libsql:, https: or http:.',
  ],
]

export function explainFailure(error: unknown, { url }: RemoteAddress): string {
  const reasons = [...causes(error)]
  const known = advice.find(([pattern]) => reasons.some((reason) => pattern.test(reason)))
  return withoutSecrets(`${url} ${known?.[1] ?? `cannot be migrated: ${reasons.at(-1) ?? 'unknown error'}`}`)
}

/** Each error of the chain as `code name: message`; the store's own words stand last. */
function* causes(error: unknown): Generator<string> {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = 'code' in current ? `${current.code} ` : ''
    yield `${code}${current.name}: ${current.message}`.replace(/\s+/g, ' ')
  }
}

/** Without the query and the user info of any URL in it, where a token may stand. */
function withoutSecrets(sentence: string): string {
  return sentence.replace(/\?[^\s]*/g, '').replace(/\/\/[^/\s]*@/g, '//')
}
