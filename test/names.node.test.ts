/** Exports have one home and a user, value imports have no cycle, and files are where the placement rule puts them. */
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSources } from './support/source-exports.ts'

const sources = readSources('src')
const tests = [...readSources('test'), ...readSources('bench')]

/** Names whose only users are tests: bounds, keys and rules that a test must reach exactly. */
const exportedForTests = new Set(
  [
    'streamSink',
    'fileSink',
    'chosenCoding',
    'observerExceptions',
    'reloadable',
    'createStrictServer',
    'ProxiedPrefix Forwarding UpstreamRefusal FlushDeps ServiceSample JobRequest',
    'authFailureRule loginRule trendRules packLimits percentages nextBatchSize',
    'maxRetries maxRetryAfterMs maxTicketMs rotateAfterMs maxWaiting maxSignedBodyBytes checkedRate upstreamUrl',
    'maxEntries maxRows maxScanned maxCount maxCountedEvents maxTypes maxNodes maxSpans maxTreeNodes maxFound maxListed idsAtOnce',
    'placeOf',
    'eventChannel limitScript redisLimitKey runKey reportKey fullRunKey retentionKey windowKey ticketKeysRecord seedLegacy',
  ].flatMap((line) => line.split(' ')),
)

/** Exported values from two files, on purpose. */
const homonyms = new Set(['consoleFiles'])

const usersOf = (files: typeof sources) =>
  new Set(files.flatMap(({ imports }) => imports.map(({ to, name }) => `${to}#${name}`)))

const isUsed = (users: ReadonlySet<string>, path: string, name: string) =>
  users.has(`${path}#${name}`) || users.has(`${path}#*`)

/** A type may be exported for the signatures of its own file. */
const isInSignature = (text: string, name: string) =>
  new RegExp(`^export (?:interface|type) ${name}\\b`, 'm').test(text) &&
  !new RegExp(`^export const ${name}\\b`, 'm').test(text) &&
  [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1

describe('an exported name', () => {
  const [ours, theirs] = [usersOf(sources), usersOf(tests)]
  const unused = sources.flatMap(({ path, text, exports }) =>
    exports.filter((name) => !isUsed(ours, path, name) && !isInSignature(text, name)).map((name) => ({ path, name })),
  )

  it('has a user outside its file', () => {
    expect(sources.flatMap(({ exports }) => exports).length).toBeGreaterThan(500)
    const dead = unused.filter(({ path, name }) => !exportedForTests.has(name) || !isUsed(theirs, path, name))
    expect(dead.map(({ path, name }) => `${path} ${name}`)).toEqual([])
  })

  it('is listed as exported for tests only while it is', () => {
    const names = new Set(
      sources.flatMap(({ path, exports }) =>
        exports.filter((name) => !isUsed(ours, path, name) && isUsed(theirs, path, name)),
      ),
    )
    expect([...exportedForTests].filter((name) => !names.has(name))).toEqual([])
  })

  it('has one home', () => {
    const homes = Map.groupBy(
      sources.flatMap(({ path, exports }) => exports.map((name) => ({ name, path }))),
      ({ name }) => name,
    )
    const twice = [...homes].filter(([name, all]) => all.length > 1 && !homonyms.has(name))
    expect(twice.map(([name, all]) => `${name}: ${all.map(({ path }) => path).join(', ')}`)).toEqual([])
  })
})

it('imports values without a cycle', () => {
  const edges = new Map(
    sources.map(({ path, imports }) => [path, imports.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to)]),
  )
  const finished = new Set<string>()
  const cycleFrom = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (finished.has(path)) return undefined
    for (const next of edges.get(path) ?? []) {
      const cycle = cycleFrom(next, [...trail, path])
      if (cycle) return cycle
    }
    finished.add(path)
    return undefined
  }
  const cycles = [...edges.keys()].map((path) => cycleFrom(path, [])).filter((cycle) => cycle !== undefined)
  expect(cycles.map((cycle) => cycle.join(' -> '))).toEqual([])
})

describe('the placement rule', () => {
  const paths = sources.map(({ path }) => path)

  it('keeps logic that others use out of features', () => {
    const takers = sources.filter(({ path }) => /^src\/(modules|http|upstream|adapters|ports|db|config)\//.test(path))
    const taken = takers.flatMap(({ imports }) => imports.filter(({ to }) => to.startsWith('src/features/')))
    expect(taken).toEqual([])
  })

  it('keeps the domain out of lib', () => {
    const words = /madre|shub|vx11|operator|tentaculo|hermes|hormiguero|spawner|solo_madre|power window/i
    const strangers = sources.filter(({ path, text }) => path.startsWith('src/lib/') && words.test(text))
    expect(strangers.map(({ path, text }) => `${path}: ${words.exec(text)?.[0]}`)).toEqual([])
  })

  it('gives a second idea a folder of its own', () => {
    /** One short file a subject, of which there are many. */
    const lists = new Set(['src/lib', 'src/ports', 'src/db/schema'])
    const folders = Map.groupBy(paths, dirname)
    const full = [...folders].filter(([folder, files]) => files.length > 14 && !lists.has(folder))
    expect(full.map(([folder, files]) => `${folder}: ${files.length} files`)).toEqual([])
  })

  it('puts no file beside a folder of its name', () => {
    const folders = new Set(paths.map(dirname))
    expect(paths.filter((path) => folders.has(path.replace(/\.ts$/, '')))).toEqual([])
  })
})

it('inserts from a selection by column names alone', () => {
  const positional = sources.filter(({ path, text }) => {
    const direct = /\.insert\([^)]*\)\s*\.select\(/.test(text)
    return direct && path !== 'src/db/insert-select.ts'
  })
  expect(positional.map(({ path }) => path)).toEqual([])
  const raw = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/insert into\s+\S+\s+select/gi)].map(([statement]) => `${path}: ${statement}`),
  )
  // The probe inserts no row, from the table itself.
  expect(raw).toEqual([
    expect.stringMatching(/^src\/db\/probe.ts: insert into .* select$/),
    'src/adapters/libsql/seed.ts: INSERT INTO filler SELECT',
  ])
})
