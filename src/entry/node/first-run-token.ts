/** The token of a gateway that was given none: made on the first run, kept in the data folder, shown once. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../adapters/libsql/make-folder.ts'
import type { Config } from '../../config/config.ts'

export function readFirstRunToken({ dataDir, host, port }: Pick<Config, 'dataDir' | 'host' | 'port'>): string {
  const file = join(dataDir, 'token')
  try {
    makeFolder(dataDir)
    return makeToken(file, `http://${host}:${port}`) ?? readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`The data folder ${dataDir} cannot be written; set VX11_DATA_DIR, or configure a token.`, {
      cause: error,
    })
  }
}

/** Null when the file is there: of two gateways that start at once, one writes and both read the same. */
function makeToken(file: string, url: string): string | null {
  const token = randomBytes(24).toString('base64url')
  try {
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
  process.stderr.write(
    `No token was configured, so one was made and stored in ${file}:\n\n  ${token}\n\nTry it:\n\n` +
      `  curl -H 'X-VX11-Token: ${token}' ${url}/vx11/overview\n\n`,
  )
  return token
}
