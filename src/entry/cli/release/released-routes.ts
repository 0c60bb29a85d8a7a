/** The routes that a release promises, from the OpenAPI document of the checkout: the canon of the drift audit. */
import { execFileSync } from 'node:child_process'
import { releasedRoutes } from '../../../features/truth/drift/areas/promises.ts'
import { inPackage } from '../command/package-root.ts'

export const releasedRoutesFile = 'src/features/truth/drift/released-routes.json'

/** Its program makes the app with ports that reach nothing, as the pages of docs/ are made. */
export function releasedRoutesText(version: string): string {
  const program = inPackage('test', 'support', 'openapi-document.ts')
  const document: unknown = JSON.parse(
    execFileSync(process.execPath, [program], { encoding: 'utf8', maxBuffer: 2 ** 25 }),
  )
  return `${JSON.stringify(releasedRoutes(document, version), null, 2)}\n`
}
