/** What the audit expects of upstreams: what the code asks for, and what services that really listen serve. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { auditContracts } from '../../src/features/truth/drift/areas/contracts.ts'
import { auditPromises, releasedRoutes } from '../../src/features/truth/drift/areas/promises.ts'
import canon from '../../src/features/truth/drift/canon-tables.json' with { type: 'json' }
import type { Upstreams } from '../../src/ports/index.ts'
import { expectedOperations } from '../../src/upstream/expected-operations.ts'
import { canonTables } from '../support/canon-tables.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { projectFiles, read } from '../support/project-texts.ts'
import { startHermes } from '../support/simulators/hermes.ts'
import { startHormiguero } from '../support/simulators/hormiguero.ts'
import { startMadre } from '../support/simulators/madre.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { startSpawner } from '../support/simulators/spawner.ts'
import { startSwitch } from '../support/simulators/switch.ts'

const awake = ['switch', 'hermes', 'hormiguero', 'spawner']
let services: Record<string, Simulator>
beforeAll(async () => {
  services = {
    ...{ madre: await startMadre(), switch: await startSwitch(), hermes: await startHermes() },
    ...{ hormiguero: await startHormiguero(), shub: await startShub(), spawner: await startSpawner() },
  }
})
afterAll(() => Promise.all(Object.values(services).map((service) => service.close())))

/** Own routes under such a path, the probe's candidates, and what the embedded madre alone knows. */
const notAsked = /^(src\/features\/truth\/|src\/modules\/power\/(power-change|renewal)|src\/features\/status\/routes)/
const askedPath =
  /[`']((?:\/madre\/|\/switch\/|\/hermes\/|\/hormiguero\/|\/vx11\/(?:intent|result)|\/spawn\b|\/auth\/)[^`'?\s]*)[`'?]/g

function askedPaths(): string[] {
  const files = projectFiles.filter((file) => /^src\/(features|modules\/(chat|power))\/.*\.ts$/.test(file))
  const paths = files.flatMap((file) => {
    if (notAsked.test(file)) return []
    const text = read(file)
    const prefix = /const prefix = '([^']+)'/.exec(text)?.[1] ?? ''
    return [...text.replace(/\$\{prefix\}/g, prefix).matchAll(askedPath)].map(([, path = '']) => path)
  })
  return [...new Set(paths)].filter((path) => path !== '/hormiguero/inee/extended')
}

/** An expression within a path stands for any word. */
const matches = (asked: string, expected: string) => {
  const [words, wanted] = [asked.replaceAll(/\$\{[^}]*\}/g, '{}').split('/'), expected.split('/')]
  return words.length === wanted.length && words.every((word, index) => word === '{}' || word === wanted[index])
}

describe('the operations that the gateway expects', () => {
  const expected = Object.values(expectedOperations).flatMap((all) => all.map(({ path }) => path))
  const asked = askedPaths()

  it('have each path that its code asks for', () => {
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter((path) => !expected.some((wanted) => matches(path, wanted)))).toEqual([])
  })

  it('have no path that its code does not ask for', () => {
    const ofAll = new Set(['/health', '/ready', '/status'])
    const unasked = expected.filter((wanted) => !ofAll.has(wanted) && !asked.some((path) => matches(path, wanted)))
    expect(unasked).toEqual([])
  })
})

it('the tables that the gateway expects are those of its schema', () => {
  expect(canon).toEqual(canonTables())
})

describe('services that listen', () => {
  const audit = () => {
    const urls = Object.fromEntries(
      Object.entries(services).map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url]),
    )
    const probe =
      (name: string): Upstreams[keyof Upstreams] =>
      async (target) => {
        const answer = await fetch(`${services[name]?.url}${target}`)
        return { status: answer.status, headers: {}, body: new Uint8Array(await answer.arrayBuffer()) }
      }
    const state = { window: { id: 'w', endsAtMs: null }, activeServices: awake } as never
    return auditContracts({
      config: parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-of-decent-length', ...urls }),
      clock: fakeClock(),
      random: fakeRandom(),
      probes: Object.fromEntries(Object.keys(services).map((name) => [name, probe(name)])) as Upstreams,
      policy: { read: async () => ({ state, degraded: false, reason: null, change: null }) } as never,
    })
  }

  it('serve what the gateway asks of them, as far as their generation has it', async () => {
    const { drifts, unknown } = await audit()
    expect(drifts.filter(({ severity }) => severity !== 'low')).toEqual([])
    expect(drifts.map(({ actual }) => actual)).toContain('not there: INEE is off there')
    expect(unknown.map(({ module, reason }) => [module, reason]).toSorted()).toEqual([
      ...[
        ['manifestator', 'not_configured'],
        ['mcp', 'not_configured'],
        ['operator', 'not_configured'],
      ],
    ])
  })

  it('are told of when one stops', async () => {
    await services.switch?.close()
    expect((await audit()).unknown).toContainEqual({ area: 'contracts', module: 'switch', reason: 'unexpected_error' })
  })
})

describe('the routes of a release', () => {
  const path = (more: object = {}) => ({ responses: { 200: {} }, ...more })
  const document = (paths: object) => ({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths })
  const query = (name: string, required = false) => ({ in: 'query', name, required })
  const before = document({
    '/a': { get: path({ operationId: 'getA', parameters: [query('limit')] }) },
    '/a/{id}': { get: path({ operationId: 'getOne' }), delete: path({ operationId: 'removeOne' }) },
  })
  const audit = async (now: object) => {
    const { drifts } = await auditPromises(async () => Response.json(now), releasedRoutes(before, '0.9.0'))
    return drifts.map(({ severity, subject, actual }) => [severity, subject, actual])
  }

  it('hold while nothing is taken from them', async () => {
    expect(await audit(before)).toEqual([])
  })

  it('name what a client would stumble over', async () => {
    const now = document({
      '/a': { get: { operationId: 'listA', parameters: [query('size', true)], responses: { 202: {} } } },
      '/a/{name}': { get: path({ operationId: 'getOne' }) },
      '/b': { post: path({ operationId: 'makeB' }) },
    })
    expect(await audit(now)).toEqual([
      ['high', 'DELETE /a/{}', 'not served'],
      ['medium', 'GET /a', 'its id is listA, not getA'],
      ['medium', 'GET /a', 'needs query:size'],
      ['medium', 'GET /a', 'no longer takes query:limit'],
      ['medium', 'GET /a', 'no longer answers 200'],
      ['low', 'operations', expect.stringMatching(/^1 more in .*: POST \/b$/)],
    ])
  })
})
