/** Holds the gateway's own OpenAPI document to that of the last release: what clients were promised must still be there. */
import { build } from '../../../../lib/build.ts'
import { readJson } from '../../../../lib/read-body.ts'
import type { AskSelf } from '../../../../ports/index.ts'
import { type AreaFindings, gathering, listed, ownModule } from '../findings.ts'
import released from '../released-routes.json' with { type: 'json' }
import { type ReadOperation, readOperations } from './openapi.ts'

/** Kept by the release script. Each operation as one line: its id, its parameters, its statuses. */
export interface ReleasedRoutes {
  version: string
  operations: Readonly<Record<string, string>>
}

const maxDocumentBytes = 8_388_608

export async function auditPromises(ask: AskSelf, canon: ReleasedRoutes = released): Promise<AreaFindings> {
  const { findings, checked, drift, unknown } = gathering('routes')
  const answer = await ask('/openapi.json')
  const operations = readOperations(await readJson(answer.body, maxDocumentBytes))
  if (!operations) {
    unknown(ownModule, `status_${answer.status}`)
    return findings
  }
  const promised = `as in ${canon.version}`
  for (const [route, line] of Object.entries(canon.operations)) {
    checked()
    const now = operations.get(route)
    if (!now) drift('high', ownModule, route, `served, ${promised}`, 'not served')
    else for (const words of changes(parseLine(line), now)) drift('medium', ownModule, route, promised, words)
  }
  const added = [...operations.keys()].filter((route) => !Object.hasOwn(canon.operations, route))
  const runs = `${added.length} more in ${build.version}: ${listed(added)}`
  if (added.length > 0) drift('low', ownModule, 'operations', `those of ${canon.version}`, runs)
  return findings
}

/** What a client of the released operation would stumble over. */
function* changes(before: Promised, now: ReadOperation): Generator<string> {
  if (before.id !== now.id) yield `its id is ${now.id}, not ${before.id}`
  const needed = now.parameters.filter((name) => name.endsWith('!') && !before.parameters.includes(name))
  if (needed.length > 0) yield `needs ${listed(needed.map(bare))}`
  const names = new Set(now.parameters.map(bare))
  const gone = before.parameters.map(bare).filter((name) => !names.has(name))
  if (gone.length > 0) yield `no longer takes ${listed(gone)}`
  const statuses = before.statuses.filter((status) => !now.statuses.includes(status))
  if (statuses.length > 0) yield `no longer answers ${listed(statuses)}`
}

type Promised = Pick<ReadOperation, 'id' | 'parameters' | 'statuses'>

const bare = (name: string) => name.replace(/!$/, '')

/** `id (query:a header:b!) 200 202`; a header that may be left out is nobody's promise. */
const lineOf = ({ id, parameters, statuses }: Promised): string =>
  `${id ?? '-'} (${parameters.filter(isPromised).toSorted().join(' ')}) ${statuses.join(' ')}`

const isPromised = (name: string) => name.startsWith('query:') || name.endsWith('!')

function parseLine(line: string): Promised {
  const [, id = '', parameters = '', statuses = ''] = /^(\S+) \(([^)]*)\) (.*)$/.exec(line) ?? []
  const words = (text: string) => text.split(' ').filter((word) => word !== '')
  return { id: id === '-' ? null : id, parameters: words(parameters), statuses: words(statuses) }
}

/** The canon that a release keeps, from its document. */
export function releasedRoutes(document: unknown, version: string): ReleasedRoutes {
  const operations = readOperations(document)
  if (!operations) throw new Error('This is no OpenAPI 3 document.')
  const lines = [...operations].map(([route, operation]) => [route, lineOf(operation)] as const)
  return { version, operations: Object.fromEntries(lines.toSorted()) }
}
