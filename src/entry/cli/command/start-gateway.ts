/** Becomes the gateway: V8's options can only be given to a new program. */
import { existsSync } from 'node:fs'
import { become } from './become.ts'
import { CommandError } from './exit-status.ts'
import { inPackage } from './package-root.ts'
import { startEnvironment, startOptions } from './start-options.ts'

export function startGateway(): void {
  const bundle = inPackage('dist', 'node.js')
  if (!existsSync(bundle)) throw new CommandError('failed', 'Nothing is built yet: run `npm run build` first.')
  become([...process.execArgv, ...startOptions, bundle], startEnvironment)
}
