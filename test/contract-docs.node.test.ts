/** Holds the ids that the project cites to those that docs/contract/ defines, and citations to documents that are here. */
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headingsOf, pageName, pages, projectFiles, read } from './support/project-texts.ts'

const routeOrFault = String.raw`(?:[GSOPH]\d{1,2}|Q-\d{2})`
const id = String.raw`(?:${routeOrFault}|[a-z]+\/[a-z0-9-]+)`

const contractPages = pages.filter((page) => page.startsWith('docs/contract/'))

/** `### O1, O2 ...` and `| Q-01 |` define ids, every other heading defines `page/heading`. */
function idsOf(page: string): string[] {
  const name = pageName(page) === 'README' ? 'upstreams' : pageName(page)
  const faults = [...read(page).matchAll(/^\| (Q-\d{2}) \|/gm)].map(([, fault]) => fault ?? '')
  const fromHeadings = headingsOf(read(page)).flatMap(({ level, text, anchor }) => {
    const routes = new RegExp(`^${routeOrFault}(?:, ${routeOrFault})*(?= )`).exec(text)?.[0]
    if (routes) return routes.split(', ')
    return level === 1 ? [] : [`${name}/${anchor}`]
  })
  return [...faults, ...fromHeadings]
}

const defined = contractPages.flatMap(idsOf)

const sources = projectFiles.filter(
  (file) =>
    /\.(ts|tsx|md|sql|toml|ya?ml)$/.test(file) &&
    !file.startsWith('docs/contract/') &&
    !file.startsWith('test/contract-docs'),
)

/** `contract G13 to G15, H18 and Q-34` names five. */
function citedIn(text: string): string[] {
  const list = new RegExp(String.raw`\bcontract:? (${id}(?:(?:, | and | to )${id})*)`, 'gi')
  return [...text.matchAll(list)].flatMap(([, ids = '']) => ids.split(/, | and /).flatMap(range))
}

function range(ids: string): string[] {
  const [first = '', last] = ids.split(' to ')
  if (last === undefined) return [first]
  const [from, to] = [first, last].map((each) => Number(each.replace(/\D+/g, '')))
  const letters = first.replace(/\d+$/, '')
  return Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, step) => `${letters}${(from ?? 0) + step}`)
}

describe('docs/contract', () => {
  it('defines the routes of v7, its faults and its sections, each once', () => {
    expect(defined.length).toBeGreaterThan(150)
    expect(defined.filter((each, index) => defined.indexOf(each) !== index)).toEqual([])
  })

  it('speaks of no id that it does not define', () => {
    const unknown = contractPages.flatMap((page) =>
      [
        ...read(page)
          .replace(/`[^`]*`/g, '')
          .matchAll(new RegExp(String.raw`\b${routeOrFault}\b`, 'g')),
      ]
        .map(([found]) => found)
        .filter((found) => !defined.includes(found))
        .map((found) => `${page}: ${found}`),
    )
    expect(unknown).toEqual([])
  })

  it('is listed in its index, page by page', () => {
    const index = read('docs/contract/README.md')
    const missing = contractPages
      .filter((page) => page !== 'docs/contract/README.md')
      .filter((page) => !index.includes(`](${page.replace('docs/contract/', '').replace(/^(upstreams\/).*/, '$1')})`))
    expect(missing).toEqual([])
  })
})

describe('citations', () => {
  it('name ids of docs/contract', () => {
    const cited = sources.flatMap((file) => citedIn(read(file)).map((each) => ({ file, each })))
    expect(cited.length).toBeGreaterThan(50)
    expect(cited.filter(({ each }) => !defined.includes(each)).map(({ file, each }) => `${file}: ${each}`)).toEqual([])
  })

  it('say that they are of the contract', () => {
    const bare = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => new RegExp(String.raw`[(;,] ?${routeOrFault}(?:\)|, ${routeOrFault}|;| to )`).test(line))
        .filter((line) => !/contract:? /i.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(bare).toEqual([])
  })

  it('stand on one line with the word', () => {
    const torn = sources.filter((file) => /\bcontract\s*\n[\s*/]*(?:Q-\d|[GSOPH]\d)/.test(read(file)))
    expect(torn).toEqual([])
  })

  it('name no section but those of published standards', () => {
    const sections = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => line.includes('§') && !/RFC \d{4}|HTML §/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(sections).toEqual([])
  })

  it('name no document that is not here', () => {
    const names = new Set(pages.map((page) => basename(page)))
    /** Files that the gateway, VX11's tools and the bench write. */
    const written = /^(DB_MAP_v7_FINAL|VX11_RUNTIME_TRUTH_REPORT|VX11_DRIFT_REPORT|vx11-session|latest)\.md$/
    const missing = sources.flatMap((file) =>
      [...read(file).matchAll(/\b([\w-]+\.md)\b/g)]
        .map(([, name = '']) => name)
        .filter((name) => !names.has(name) && !written.test(name))
        .map((name) => `${file}: ${name}`),
    )
    const outside = sources.filter((file) =>
      /\bupstream-contracts|schema-notes|gateway-contract|\(product |platform-facts|product decision/.test(read(file)),
    )
    expect([...missing, ...outside]).toEqual([])
  })
})
