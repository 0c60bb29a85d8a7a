/** Markdown of answers: HTML in it is text, what is drawn is sanitised, and nothing is fetched from anywhere. */
import DOMPurify from 'dompurify'
import { Marked } from 'marked'
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

const maxLength = 200_000
const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const asText = (html: string) => html.replace(/[&<>"]/g, (mark) => marks[mark] ?? mark)

const reader = new Marked({
  gfm: true,
  breaks: true,
  renderer: { html: ({ text }) => asText(text), image: ({ text, href }) => asText(`${text} (${href})`) },
})

export function draw(text: string): DocumentFragment {
  const html = reader.parse(plain(text, maxLength), { async: false })
  const fragment = DOMPurify.sanitize(html, {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
  })
  for (const anchor of fragment.querySelectorAll('a')) {
    anchor.rel = 'noopener noreferrer nofollow'
    anchor.target = '_blank'
    // Shows the target of a link beside its text.
    anchor.title = anchor.getAttribute('href') ?? ''
  }
  for (const block of fragment.querySelectorAll('pre')) block.tabIndex = 0
  return fragment
}
