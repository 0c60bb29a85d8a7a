/** Migrates the D1 database that wrangler simulates in `.wrangler`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const databaseFolder = '.wrangler/state/v3/d1'
const migratedFile = '.wrangler/migrated'

/** Disables the local explorer, which would run SQL on the gateway's port without a token. */
export const wranglerEnv = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false', X_LOCAL_EXPLORER: 'false' }

/** Applies migrations/ in the working folder; false if wrangler failed, which prints the reason. */
export function migrateLocalD1(): boolean {
  // The list of applied migrations is stored beside the database, because wrangler needs two seconds to find none.
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
