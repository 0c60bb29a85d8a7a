/** The token of a gateway that was given none: made on the first run, kept in the data folder, shown once. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'

export function readFirstRunToken({ dataDir, host, port }: Pick<Config, 'dataDir' | 'host' | 'port'>): string {
  const file = join(dataDir, 'token')
  try {
    mkdirSync(dataDir, { recursive: true })
    const token = randomBytes(24).toString('base64url')
    // `wx` fails when the file is there: of two gateways that start at once, one writes and both read the same.
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
    process.stderr.write(
      `No token was configured, so one was made and stored in ${file}:\n\n  ${token}\n\nThe console, which it opens:\n\n  http://${host}:${port}/operator/ui/\n\nTry it:\n\n` +
        `  curl -H 'X-VX11-Token: ${token}' http://${host}:${port}/vx11/overview\n\n`,
    )
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(dataDir, error)
    return readFileSync(file, 'utf8').trim()
  }
}

const unusable = (dataDir: string, cause: unknown) =>
  new Error(`The data folder ${dataDir} cannot be written; set VX11_DATA_DIR, or configure a token.`, { cause })
