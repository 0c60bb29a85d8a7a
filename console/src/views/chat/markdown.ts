/** Markdown of answers, sanitised: no scripts, styles, forms, frames; nothing is fetched from anywhere. */
import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { plain } from '../../ui/hostile-text.ts'

const allowed = {
  ALLOWED_TAGS: [
    'p',
    'br',
    'strong',
    'em',
    'del',
    'code',
    'pre',
    'ul',
    'ol',
    'li',
    'blockquote',
    'h1',
    'h2',
    'h3',
    'h4',
    'hr',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'a',
  ],
  ALLOWED_ATTR: ['href', 'align'],
  ALLOWED_URI_REGEXP: /^https?:/i,
  RETURN_DOM_FRAGMENT: true,
} as const

const most = 200_000

export function draw(text: string): DocumentFragment {
  const html = marked.parse(plain(text, most), { async: false, gfm: true, breaks: true })
  const fragment = DOMPurify.sanitize(html, {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
  })
  for (const anchor of fragment.querySelectorAll('a')) {
    anchor.rel = 'noopener noreferrer nofollow'
    anchor.target = '_blank'
    // A reader sees where a link leads, whatever its words say.
    anchor.title = anchor.getAttribute('href') ?? ''
  }
  for (const block of fragment.querySelectorAll('pre')) block.tabIndex = 0
  return fragment
}
