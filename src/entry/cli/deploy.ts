/** `npm run deploy`: migrates D1 and deploys the Worker, in this order. Says what is missing before anything is changed. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { buildCommit } from './build-commit.ts'

const configFile = 'wrangler.toml'
const tokenVariables = ['VX11_TENTACULO_LINK_TOKEN', 'VX11_GATEWAY_TOKEN', 'VX11_OPERATOR_TOKEN', 'VX11_TOKENS']

/** What has to be made once, by the line of wrangler.toml that names it. */
const placeholders = [
  { line: /^\s*database_id\s*=\s*"[0-]*"/m, name: 'database_id', make: 'npx wrangler d1 create vx11' },
  { line: /^\s*id\s*=\s*"0*"/m, name: 'id of the namespace CACHE', make: 'npx wrangler kv namespace create CACHE' },
]

const say = (text: string) => process.stderr.write(`${text}\n`)

function stop(text: string): never {
  say(text)
  process.exit(1)
}

function wrangler(args: readonly string[], failure: string): void {
  say(`wrangler ${args.join(' ')}`)
  const { status, error } = spawnSync('wrangler', args, { stdio: 'inherit' })
  if (error) stop(`wrangler cannot be started: ${error.message}. Run npm ci, and this by npm run deploy.`)
  if (status !== 0) stop(`${failure} The lines above say why; docs/deploy/cloudflare.md has the steps.`)
}

const config = readFileSync(configFile, 'utf8')
const missing = placeholders.filter(({ line }) => line.test(config))
if (process.argv.length > 2) stop('npm run deploy takes no options; wrangler.toml has the settings of the Worker.')
if (missing.length > 0) {
  const steps = missing.map(({ name, make }) => `  ${make}\n    prints an id: put it in ${configFile} as ${name}\n`)
  stop(
    `${configFile} still has placeholders. Once, after npx wrangler login:\n\n${steps.join('\n')}\nThen run this again.`,
  )
}

wrangler(['d1', 'migrations', 'apply', 'vx11', '--remote'], 'The database was not migrated, and nothing was deployed.')
const commit = `BUILD_COMMIT:${JSON.stringify(buildCommit())}`
wrangler(['deploy', '--define', commit], 'The database is migrated; the Worker was not deployed.')
tellMissingToken()

/** Without a token the Worker answers nobody; a secret can be put only when the Worker is there. */
function tellMissingToken(): void {
  const { status, stdout } = spawnSync('wrangler', ['secret', 'list', '--format', 'json'], { encoding: 'utf8' })
  if (status !== 0 || tokenVariables.some((name) => stdout.includes(`"${name}"`))) return
  say('No token is set, so every call that needs one is refused. Set one, of 24 characters at least:')
  say('\n  npx wrangler secret put VX11_TENTACULO_LINK_TOKEN\n')
}
