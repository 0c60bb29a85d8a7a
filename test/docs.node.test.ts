/** Holds the pages to the code and to each other: lists, links, anchors, scripts, and lines that fit a screen. */
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../src/config/config.ts'
import { catalogue } from '../src/errors/catalogue.ts'
import { providerNames } from '../src/modules/chat/providers/provider.ts'
import { pageWithRoutes } from './support/http-docs.ts'
import { exists, headingsOf, pages, projectFiles, proseOf, read, withoutFences } from './support/project-texts.ts'

describe('docs/errors.md', () => {
  it('has one row for each code of the catalogue, in its order', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+?) \|$/gm)]
    const documented = rows.map(([, code, status, meaning]) => ({ code, status: Number(status), meaning }))
    const declared = Object.entries(catalogue).map(([code, { status, detail }]) => ({ code, status, meaning: detail }))
    expect(documented).toEqual(declared)
  })
})

describe('docs/http.md', () => {
  it('lists the routes as the OpenAPI document has them (npm run docs)', async () => {
    const page = read('docs/http.md')
    expect(page).toBe(await pageWithRoutes(page))
  })
})

describe('docs/http.md', () => {
  it('has a row for each limit of the configuration, with its default', () => {
    const { perMinute } = parseConfig({}).rateLimit
    const rows = new Map(
      [...read('docs/http.md').matchAll(/^\| `([a-z_]+)` \| .+ \| (\d+)(?: per hour)? \|$/gm)].map(
        ([, name, limit]) => [name, Number(limit)],
      ),
    )
    for (const [name, limit] of Object.entries(perMinute)) expect([name, rows.get(name)]).toEqual([name, limit])
  })
})

describe('docs/chat.md', () => {
  it('has a row for each provider, in the order in which they are asked', () => {
    const section = read('docs/chat.md').split('## Who answers')[1]?.split('\n## ')[0] ?? ''
    const labels = [...section.matchAll(/^\| .+ \| .+ \| `([a-z0-9-]+)` \| `[a-z0-9_]+` \|$/gm)].map(
      ([, label]) => label,
    )
    expect(labels.slice(1).map((label) => label?.replaceAll('-', '_'))).toEqual(providerNames)
  })
})

describe('docs/events.md', () => {
  it('lists every type that the gateway announces, and no other', () => {
    const sources = projectFiles.filter((file) => /^src\/.*\.ts$/.test(file)).map(read)
    /** A type that ends in a variable is known by what stands before it. */
    const announced = sources.flatMap((text) =>
      [...text.matchAll(/type: ['`](gateway\.[a-z]+\.[a-z_]*)(['`]|\$)/g)].map(([, type = '', end]) =>
        end === '$' ? { type, whole: false } : { type, whole: true },
      ),
    )
    const section = read('docs/events.md').split('## Events of the gateway itself')[1] ?? ''
    const listed = [...section.matchAll(/`(gateway\.[a-z]+\.[a-z_]+)`/g)].map(([, type = '']) => type)
    const fits = (type: string, known: (typeof announced)[number]) =>
      known.whole ? type === known.type : type.startsWith(known.type)
    expect(announced.length).toBeGreaterThan(8)
    expect(announced.filter((known) => !listed.some((type) => fits(type, known))).map(({ type }) => type)).toEqual([])
    expect(listed.filter((type) => !announced.some((known) => fits(type, known)))).toEqual([])
  })
})

const links = pages.flatMap((page) =>
  [...withoutFences(read(page)).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(
    ([, path = '', anchor]) => ({ page, target: path ? normalize(join(dirname(page), path)) : page, anchor }),
  ),
)

describe('every page', () => {
  it('links to files that exist', () => {
    expect(links.length).toBeGreaterThan(200)
    const broken = links.filter(({ target }) => !exists(target))
    expect(broken.map(({ page, target }) => `${page} -> ${target}`)).toEqual([])
  })

  it('links to headings that exist', () => {
    const lost = links.filter(
      ({ target, anchor }) =>
        anchor !== undefined &&
        target.endsWith('.md') &&
        exists(target) &&
        !headingsOf(read(target)).some((heading) => heading.anchor === anchor),
    )
    expect(lost.map(({ page, target, anchor }) => `${page} -> ${target}#${anchor}`)).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !(name in scripts))
        .map((name) => `${page}: npm run ${name}`),
    )
    expect(unknown).toEqual([])
  })

  it('has lines of prose of at most 120 characters', () => {
    const long = pages.flatMap((page) =>
      proseOf(read(page))
        .filter(({ text }) => [...text].length > 120)
        .map(({ line }) => `${page}:${line}`),
    )
    expect(long).toEqual([])
  })

  it('can be reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      for (const link of links) if (link.page === page && link.target.endsWith('.md')) reached.add(link.target)
      for (const link of links)
        if (link.page === page && exists(`${link.target}/README.md`)) reached.add(join(link.target, 'README.md'))
    }
    expect(
      pages.filter((page) => !reached.has(page) && !page.startsWith('.github/') && !page.startsWith('bench/')),
    ).toEqual([])
  })
})
