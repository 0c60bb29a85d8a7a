/** Reads the project's own texts, and Markdown as GitHub does: headings, their anchors, prose without code and tables. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const read = (file: string) => readFileSync(join(root, file), 'utf8')
export const exists = (file: string) => existsSync(join(root, file))

const folders = ['src', 'test', 'bench', 'docs', 'console', 'clients', 'deploy', '.github', '.githooks']
const skipped = /(^|\/)(node_modules|dist|fixtures|results|data)(\/|$)/

/** Every file of the project's folders and its top level, as paths from the root. */
export const projectFiles = [...filesAtTop(), ...folders.filter(exists).flatMap(filesIn)].filter(
  (file) => !skipped.test(file),
)

function filesAtTop(): string[] {
  const entries = readdirSync(root, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (skipped.test(path)) return []
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })
}

export const pages = projectFiles.filter((file) => file.endsWith('.md'))

export interface Heading {
  level: number
  text: string
  /** What a link names behind `#`. */
  anchor: string
}

export function headingsOf(markdown: string): Heading[] {
  const seen = new Map<string, number>()
  return [...withoutFences(markdown).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', text = '']) => {
    const slug = anchorOf(text)
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return { level: marks.length, text, anchor: count === 0 ? slug : `${slug}-${count}` }
  })
}

/** Link targets are dropped, then all but letters, digits, `_`, `-` and blanks; blanks become dashes. */
export const anchorOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .trim()
    .replaceAll(' ', '-')

export const pageName = (file: string) => basename(file, '.md')

/** What stands in the fenced blocks of a language. */
export const fencesOf = (markdown: string, language: string) =>
  [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, named, text = '']) =>
    named === language ? [text] : [],
  )

/** Fenced blocks become empty lines, so line numbers stay. */
export const withoutFences = (markdown: string) =>
  markdown.replace(/^( *)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2[^\n]*$/gm, (block) => block.replace(/[^\n]+/g, ''))

/** Lines of running text with their numbers: no code, no tables, no images, nothing generated between markers. */
export function proseOf(markdown: string): { line: number; text: string }[] {
  const written = withoutFences(markdown).replace(/<!-- (\w+):begin -->[\s\S]*?<!-- \1:end -->/g, (block) =>
    block.replace(/[^\n]+/g, ''),
  )
  return written
    .split('\n')
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => !/^\s*(\||!\[|<)/.test(text))
}
