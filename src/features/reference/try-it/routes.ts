/** The reference with "try it": Scalar, served from the build's files, beside the page without scripts. */
import { Hono } from 'hono'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { builtFile } from '../../../http/answer/built-file.ts'
import { describe } from '../../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import { tryItHeaders, tryItPage } from './page.ts'

const tag = 'Reference'

/** By its name under /docs/try; the build puts them beside the console's. */
const files: ReadonlyMap<string, string> = new Map([
  ['scalar.js', 'try-it-scalar.js'],
  ['start.js', 'try-it-start.js'],
])
const fileHeaders = { ...tryItHeaders, 'content-type': 'text/javascript; charset=utf-8', vary: 'Accept-Encoding' }

export const tryItRoutes = ({ consoleFiles }: Pick<Deps, 'consoleFiles'>) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getTryItPage',
        tag,
        summary: 'This interface as a page that sends requests',
        media: { 'text/html': 'The page' },
      }),
      (c) => c.html(tryItPage, 200, tryItHeaders),
    )
    .get(
      '/:file',
      describe({
        id: 'getTryItFile',
        tag,
        summary: 'What that page loads; 404 where it was not built',
        media: { 'text/javascript': 'The script' },
        also: { 304: 'Unchanged' },
        errors: ['not_found'],
      }),
      async (c) => {
        const name = files.get(c.req.param('file'))
        const answer = name && (await builtFile(c, consoleFiles, name, fileHeaders))
        if (!answer)
          throw new GatewayError('not_found', {
            detail: 'Only the scripts of /docs/try are here, once `npm run build` made them.',
          })
        return answer
      },
    )
