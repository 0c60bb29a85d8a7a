/** `npm run dev:worker`: runs the gateway on local workerd; creates the secrets and the database it needs. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { configVariables } from '../../config/config.ts'
import { hostAndPort, reachableHost } from '../../lib/host-and-port.ts'
import { buildCommit } from './build-commit.ts'
import { migrateLocalD1, wranglerEnv } from './local-d1.ts'

const secretsFile = '.dev.vars'
const mergedFile = '.wrangler/dev.env'
const host = process.env.HOST || '127.0.0.1'
const port = process.env.PORT || '8000'
/** `--cron` opens /cdn-cgi/local/scheduled, which anyone with access to the port can call without a token. */
const cron = process.argv.includes('--cron')

makeSecrets()
mergeEnvironment()
if (!process.env.VX11_DATABASE_URL && !migrateLocalD1()) {
  process.stderr.write('The local D1 database could not be migrated; the lines above say why.\n')
  process.exit(1)
}
startWrangler()

function makeSecrets() {
  const url = `http://${hostAndPort(reachableHost(host), Number(port))}`
  const places = `The console:\n\n  ${url}/operator/ui/\n\nThe routes:\n\n  ${url}/docs\n\n`
  if (existsSync(secretsFile)) return void process.stderr.write(`${places}The token is in ${secretsFile}.\n\n`)
  const token = randomBytes(24).toString('base64url')
  writeFileSync(secretsFile, `VX11_TENTACULO_LINK_TOKEN=${token}\n`, { mode: 0o600 })
  const call = `curl -H 'X-VX11-Token: ${token}' ${url}/vx11/overview`
  process.stderr.write(
    `No ${secretsFile} was there, so a token was made and stored in it:\n\n  ${token}\n\n${places}Try it:\n\n  ${call}\n\n`,
  )
}

/** wrangler reads variables from files only, so the shell's are appended to those of .dev.vars. */
function mergeEnvironment() {
  const set = configVariables.flatMap(({ name }) => {
    const value = process.env[name]
    return value ? [`${name}=${quoted(name, value)}`] : []
  })
  mkdirSync('.wrangler', { recursive: true })
  // Local defaults come first, so that the other two override them.
  const local = `VX11_TRUST_CF_CONNECTING_IP=false\nVX11_CRON_ENABLED=${cron}`
  const text = [local, readFileSync(secretsFile, 'utf8'), ...set, ''].join('\n')
  writeFileSync(mergedFile, text, { mode: 0o600 })
}

/** wrangler's env file has three kinds of quotes and no escapes; picks a quote that the value does not contain. */
function quoted(name: string, value: string): string {
  const quote = ["'", '`'].find((each) => !value.includes(each))
  if (quote && !/[\r\n]/.test(value)) return quote + value + quote
  process.stderr.write(`${name} cannot be passed to wrangler: it contains a line break, or both ' and \`.\n`)
  process.exit(1)
}

function startWrangler() {
  const commit = `BUILD_COMMIT:${JSON.stringify(buildCommit())}`
  const args = ['dev', '--port', port, '--ip', host, '--env-file', mergedFile, '--define', commit]
  const wrangler = spawn('wrangler', args, {
    env: wranglerEnv,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => wrangler.kill(signal))
  wrangler.on('exit', (code) => process.exit(code ?? 0))
}
