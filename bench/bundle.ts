/** Builds the gateway as `npm start` does, in a folder of its own: the one in dist/ may be in use. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, temporaryFolder } from './children.ts'
import type { Bundle } from './targets.ts'

export async function buildBundle(project: string): Promise<Bundle> {
  const folder = temporaryFolder()
  for (const name of ['src', 'migrations', 'node_modules', 'package.json', 'tsconfig.json']) {
    symlinkSync(join(project, name), join(folder, name))
  }
  await outputOf(process.execPath, [join(project, 'src/entry/cli/build.ts')], { cwd: folder })
  return { script: join(folder, 'dist/node.js'), folder }
}
