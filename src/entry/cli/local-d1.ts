/** The D1 database that wrangler simulates in `.wrangler`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const databaseFolder = '.wrangler/state/v3/d1'
const migratedFile = '.wrangler/migrated'

/** The local explorer would answer SQL on the gateway's own port, without a token. */
export const wranglerEnv = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false', X_LOCAL_EXPLORER: 'false' }

/** Applies migrations/ in the working folder; false when wrangler, which says why, could not. */
export function migrateLocalD1(): boolean {
  // wrangler takes two seconds to find nothing to do, so what is in stands beside the database.
  const wanted = readdirSync('migrations').join('\n')
  if (existsSync(databaseFolder) && existsSync(migratedFile) && readFileSync(migratedFile, 'utf8') === wanted)
    return true
  const { status } = spawnSync('wrangler', ['d1', 'migrations', 'apply', 'vx11', '--local'], {
    env: wranglerEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) return false
  writeFileSync(migratedFile, wanted)
  return true
}
