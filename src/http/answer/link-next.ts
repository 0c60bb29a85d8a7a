/** The next page of a list as a link (RFC 8288), beside the answer's `next`. */
import type { Context } from 'hono'
import type { AppEnv } from '../../ports/index.ts'
import { addHeader } from './answer.ts'

/** What a cursor stands for. */
const positions = ['cursor', 'before', 'from', 'offset']

/** The link is relative, so that it holds under every name of the route and behind any prefix. */
export function linkNext<Page extends object>(c: Context<AppEnv>, page: Page): Page {
  const next = 'next' in page ? page.next : null
  if (typeof next !== 'string') return page
  const query = new URL(c.req.url).searchParams
  for (const name of positions) query.delete(name)
  query.set('cursor', next)
  addHeader(c, 'link', `<?${query}>; rel="next"`)
  return page
}
