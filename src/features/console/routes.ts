/** The operator's console: the way to it, and its built files, which are the same for everybody. */
import { type Context, Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { builtFile } from '../../http/answer/built-file.ts'
import { describe } from '../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { fileHeaders, pageHeaders } from './headers.ts'
import { icon } from './icon.ts'
import { missingPage } from './missing-page.ts'

type ConsoleDeps = Pick<Deps, 'consoleFiles'>

const tag = 'Console'
const page = { 'text/html': 'The page; 503 where the console was not built' }
const oneDay = 'public, max-age=86400'

/** Redirects are relative, so that they hold behind any prefix. */
export const consoleRoutes = ({ consoleFiles }: ConsoleDeps) => {
  const answer = async (c: Context<AppEnv>, name: string) => {
    const answer = await builtFile(c, consoleFiles, name, fileHeaders(name))
    if (answer) return answer
    if (name !== 'index.html') throw new GatewayError('not_found')
    return c.html(missingPage, 503, { ...pageHeaders, 'cache-control': 'no-store' })
  }
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getRoot',
        tag,
        summary: 'Leads browsers to the console',
        redirect: 'operator/ui/',
        errors: ['not_found'],
      }),
      (c) => {
        if (!isBrowser(c)) throw new GatewayError('not_found')
        return c.redirect('operator/ui/', 302)
      },
    )
    .get(
      '/favicon.ico',
      describe({ id: 'getIcon', tag, summary: 'The icon', media: { 'image/svg+xml': 'The icon' } }),
      (c) => c.body(icon, 200, { 'content-type': 'image/svg+xml', 'cache-control': oneDay }),
    )
    .get(
      '/operator/ui',
      describe({ id: 'getConsoleFolder', tag, summary: 'The way to the console', redirect: 'ui/' }),
      (c) => c.redirect('ui/', 302),
    )
    .get(
      '/operator/ui/',
      describe({ id: 'getConsole', tag, summary: 'The operator’s console', media: page, also: fileStatuses }),
      (c) => answer(c, 'index.html'),
    )
    .get(
      '/operator/ui/:file{.+}',
      describe({
        id: 'getConsoleFile',
        tag,
        summary: 'What the console’s page loads',
        media: page,
        also: fileStatuses,
        errors: ['not_found'],
      }),
      (c) => answer(c, c.req.param('file')),
    )
}

const fileStatuses = { 304: 'Unchanged', 503: 'A page that says that the console is not built' }

const isBrowser = (c: Context) => c.req.header('accept')?.includes('text/html') ?? false
