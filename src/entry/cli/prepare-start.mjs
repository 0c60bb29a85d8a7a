/** Before `npm start`: builds what it runs, or says what is missing. Plain JavaScript, so that an old Node can say it, too. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const end = (sentence) => {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const canBuild = existsSync('node_modules/esbuild')
if (!canBuild && !existsSync('dist/node.js')) {
  end('Nothing is built yet, and the build needs the development packages: run `npm ci`, then `npm start`.')
}
if (Number.parseInt(process.versions.node, 10) < 24) {
  end(
    `This needs Node 24 or newer, and found ${process.version}. \`npm ci\` brings one; \`npm ci --omit=dev\` does not.`,
  )
}
if (canBuild) process.exit(spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' }).status ?? 1)
