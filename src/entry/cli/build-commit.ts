/** The commit that a bundle is built from: of the checkout, or what the environment of an image says. */
import { spawnSync } from 'node:child_process'

/** With `-dirty` behind it where files were changed since. */
function commitOfCheckout(): string | null {
  const args = ['describe', '--always', '--abbrev=12', '--dirty', '--exclude=*']
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout.trim() : null
}

export const buildCommit = (): string | null => process.env.SOURCE_COMMIT || commitOfCheckout()
