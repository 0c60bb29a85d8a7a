/** The public status page and its badges, where the operator wants them (VX11_STATUS_PAGE). */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { addVary } from '../../../http/answer/answer.ts'
import { describe } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import { preferredLanguage } from '../../../lib/accept-language.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import type { RuntimeTruth } from '../service.ts'
import { statusBadge } from './badge.ts'
import { statusPage } from './page.ts'
import { type PublicStatus, publicStatus } from './service.ts'
import { style } from './style.ts'
import { languages, type PageLanguage } from './texts.ts'

type StatusPageDeps = Pick<Deps, 'clock' | 'config'> & { truth: Pick<RuntimeTruth, 'read'> }

const LanguageQuery = v.object({ lang: v.optional(v.picklist(languages)) })
const BadgeQuery = v.object({ ...LanguageQuery.entries, service: v.optional(v.pipe(v.string(), v.maxLength(64))) })

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'public, max-age=30',
}
const tag = 'Status page'
const errors = ['not_found', 'validation_error', 'too_many_requests'] as const

export const statusPageRoutes = ({ clock, config, truth }: StatusPageDeps) => {
  const read = publicStatus(clock, truth)
  const pages = renderedPages()
  const required = () => {
    if (!config.statusPage) throw new GatewayError('not_found')
  }
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getStatusPage',
        tag,
        summary: 'States and 90 days of availability for everybody, in English or Spanish; off by default',
        media: { 'text/html': 'The page' },
        errors,
      }),
      takesQuery(LanguageQuery),
      async (c) => {
        required()
        const language = languageOf(c, c.req.valid('query').lang)
        const page = pages(await read(), language)
        return c.html(page, 200, { ...headers, 'content-language': language })
      },
    )
    .get(
      '/status.css',
      describe({
        id: 'getStatusStyle',
        tag,
        summary: 'How the page looks',
        media: { 'text/css': 'The style' },
        errors,
      }),
      (c) => {
        required()
        return c.body(style, 200, { ...headers, 'content-type': 'text/css; charset=utf-8' })
      },
    )
    .get(
      '/badge.svg',
      describe({
        id: 'getStatusBadge',
        tag,
        summary: 'The state in a badge: of all together, or of one `service`',
        media: { 'image/svg+xml': 'The badge' },
        errors,
      }),
      takesQuery(BadgeQuery),
      async (c) => {
        required()
        const { lang, service } = c.req.valid('query')
        const badge = statusBadge(await read(), service, languageOf(c, lang))
        if (badge === undefined) throw new GatewayError('not_found')
        return c.body(badge, 200, { ...headers, ...forOtherSites, 'content-type': 'image/svg+xml; charset=utf-8' })
      },
    )
}

const forOtherSites = { 'cross-origin-resource-policy': 'cross-origin' }

function languageOf(c: Context<AppEnv>, chosen: PageLanguage | undefined): PageLanguage {
  addVary(c, 'Accept-Language')
  return chosen ?? preferredLanguage(c.req.header('accept-language'), languages)
}

/** Each language once for each status. */
function renderedPages() {
  let last: { status: PublicStatus; pages: Map<PageLanguage, string> } | undefined
  return (status: PublicStatus, language: PageLanguage): string => {
    if (last?.status !== status) last = { status, pages: new Map() }
    const page = last.pages.get(language) ?? statusPage(status, language)
    last.pages.set(language, page)
    return page
  }
}
