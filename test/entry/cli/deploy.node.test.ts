/** `npm run deploy` as far as a machine without an account can go: a recorded `wrangler` stands for Cloudflare's. */
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = resolve('src/entry/cli/deploy.ts')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-'))
  await mkdir(join(folder, 'bin'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Records its arguments, prints `secrets` when asked for them, and fails at the command that begins with `failing`. */
async function deploy({
  toml,
  secrets = '[]',
  failing = 'nothing',
  args = [] as string[],
}: {
  toml: string
  secrets?: string
  failing?: string
  args?: string[]
}) {
  await writeFile(join(folder, 'wrangler.toml'), toml)
  const wrangler = join(folder, 'bin/wrangler')
  await writeFile(
    wrangler,
    `#!/bin/sh\necho "$*" >> calls\ncase "$*" in "secret list"*) echo '${secrets}';; "${failing}"*) exit 3;; esac\n`,
  )
  await chmod(wrangler, 0o755)
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, SOURCE_COMMIT: 'abc123' }
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8' })
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
  return { status, stderr, calls: calls.split('\n').filter(Boolean) }
}

const shipped = () => readFile('wrangler.toml', 'utf8')
const withIds = async () =>
  (await shipped())
    .replace(/^database_id = .*/m, 'database_id = "3f2c1a90-5d57-4c1e-9a3b-1f6f0b6f2f11"')
    .replace(/^id = .*/m, 'id = "0f2ac74b498b48028cb68387c421e279"')

describe('npm run deploy', () => {
  it('refuses the placeholders of wrangler.toml, says how to fill them, and calls nothing', async () => {
    const { status, stderr, calls } = await deploy({ toml: await shipped() })
    expect(status).toBe(1)
    for (const words of ['wrangler login', 'd1 create vx11', 'kv namespace create CACHE', 'database_id'])
      expect(stderr).toContain(words)
    expect(calls).toEqual([])
  })

  it('refuses options, which one of its commands might not know', async () => {
    const { status, calls } = await deploy({ toml: await withIds(), args: ['--env', 'staging'] })
    expect([status, calls]).toEqual([1, []])
  })

  it('names only what is missing', async () => {
    const toml = (await withIds()).replace('0f2ac74b498b48028cb68387c421e279', '0'.repeat(32))
    const { stderr, calls } = await deploy({ toml })
    expect(stderr).toContain('kv namespace create CACHE')
    expect(stderr).not.toContain('d1 create')
    expect(calls).toEqual([])
  })

  it('migrates, deploys with the commit, and tells that no token is set', async () => {
    const { status, stderr, calls } = await deploy({ toml: await withIds() })
    expect(status).toBe(0)
    expect(calls).toEqual([
      'd1 migrations apply vx11 --remote',
      'deploy --define BUILD_COMMIT:"abc123"',
      'secret list --format json',
    ])
    expect(stderr).toContain('wrangler secret put VX11_TENTACULO_LINK_TOKEN')
  })

  it('says nothing of tokens where one is set', async () => {
    const secrets = '[{"name":"VX11_TOKENS","type":"secret_text"}]'
    const { stderr } = await deploy({ toml: await withIds(), secrets })
    expect(stderr).not.toContain('secret put')
  })

  it('deploys nothing when the migration fails, and says what is done when the deployment fails', async () => {
    const toml = await withIds()
    const unmigrated = await deploy({ toml, failing: 'd1' })
    expect(unmigrated).toMatchObject({ status: 1, calls: ['d1 migrations apply vx11 --remote'] })
    expect(unmigrated.stderr).toContain('nothing was deployed')
    await rm(join(folder, 'calls'))
    const undeployed = await deploy({ toml, failing: 'deploy' })
    expect(undeployed.status).toBe(1)
    expect(undeployed.stderr).toContain('The database is migrated; the Worker was not deployed.')
  })

  it('knows each binding that docs/deploy/cloudflare.md explains', async () => {
    const page = await readFile('docs/deploy/cloudflare.md', 'utf8')
    for (const name of ['DB', 'CACHE', 'ASSETS', 'LIMITER', 'EVENTS']) {
      expect(await shipped()).toContain(`"${name}"`)
      expect(page).toContain(`\`${name}\``)
    }
  })
})
