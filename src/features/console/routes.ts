/** The operator's console: the way to it, and its built files, which are the same for everybody. */
import { type Context, Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
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
    const file = await consoleFiles?.(name, { gzip: takesGzip(c) })
    if (!file) {
      if (name !== 'index.html') throw new GatewayError('not_found')
      return c.html(missingPage, 503, { ...pageHeaders, 'cache-control': 'no-store' })
    }
    const headers = {
      ...fileHeaders(name),
      etag: file.etag,
      ...(file.encoding && { 'content-encoding': file.encoding }),
    }
    if (isKnown(c.req.header('if-none-match'), file.etag)) return c.body(null, 304, headers)
    return c.body(file.bytes, 200, headers)
  }
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({ id: 'getRoot', tag, summary: 'Leads browsers to the console', redirect: 'operator/ui/' }),
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
    .get('/operator/ui/', describe({ id: 'getConsole', tag, summary: 'The operator’s console', media: page }), (c) =>
      answer(c, 'index.html'),
    )
    .get(
      '/operator/ui/:file{.+}',
      describe({
        id: 'getConsoleFile',
        tag,
        summary: 'What the console’s page loads',
        media: page,
        errors: ['not_found'],
      }),
      (c) => answer(c, c.req.param('file')),
    )
}

const isBrowser = (c: Context) => c.req.header('accept')?.includes('text/html') ?? false
const takesGzip = (c: Context) => /\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(c.req.header('accept-encoding') ?? '')

/** Weak comparison (RFC 9110 §13.1.2). */
const isKnown = (given: string | undefined, etag: string): boolean =>
  given === '*' ||
  (given?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')) ?? false)
