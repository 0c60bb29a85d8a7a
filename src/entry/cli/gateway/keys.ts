/** Works on the keys of the running gateway. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import type { Scope } from '../../../config/principal.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

type Key = Answer<'listKeys'>['keys'][number]
type MadeKey = Answer<'createKey'>

export interface CreateOptions extends GatewayCommandOptions {
  scope: Scope[]
  expires?: string
  note?: string
  limit: Record<string, number>
}

export interface ListOptions extends GatewayCommandOptions {
  state?: Key['state']
}

export interface RerollOptions extends GatewayCommandOptions {
  overlap: number
}

const pageLength = 200

export async function makeKey(name: string, options: CreateOptions): Promise<undefined> {
  const { scope, expires, note, limit, json } = options
  const body = {
    ...{ name, scopes: scope },
    ...(expires !== undefined && { expires_at: expires }),
    ...(note !== undefined && { note }),
    ...(Object.keys(limit).length > 0 && { limits: limit }),
  }
  printMade(await runningGateway(options).client.createKey({ body }), json)
}

export async function printKeys({ state, ...options }: ListOptions): Promise<undefined> {
  const { client } = runningGateway(options)
  const keys: Key[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Answer<'listKeys'> = await client.listKeys({
      query: { limit: pageLength, ...(state && { state }), ...(cursor && { cursor }) },
    })
    keys.push(...page.keys)
    cursor = page.next
  }
  printResult(keys, options.json, () => (keys.length > 0 ? table(keys.map(rowOf)) : 'No keys yet.'))
}

export async function showKey(id: string, options: GatewayCommandOptions): Promise<undefined> {
  printKey(await runningGateway(options).client.getKey({ path: { id } }), options.json)
}

export async function endKey(id: string, options: GatewayCommandOptions): Promise<undefined> {
  printKey(await runningGateway(options).client.revokeKey({ path: { id } }), options.json)
}

export async function renewKey(id: string, options: RerollOptions): Promise<undefined> {
  const body = { overlap_seconds: options.overlap }
  printMade(await runningGateway(options).client.rerollKey({ path: { id }, body }), options.json)
}

const rowOf = ({ id, name, state, scopes, expires_at, last_used_at }: Key) => [
  ...[id, state, scopes.join(','), `until ${expires_at ?? 'ever'}`, `used ${last_used_at ?? 'never'}`, visible(name)],
]

function printKey(key: object, json: true | undefined): void {
  const text = (value: unknown) => visible(typeof value === 'string' ? value : JSON.stringify(value))
  printResult(key, json, () => table(Object.entries(key).map(([name, value]) => [name, text(value)])))
}

/** The key alone on standard output, so that a script can keep it. */
function printMade(made: MadeKey, json: true | undefined): void {
  if (!json)
    process.stderr.write(`${made.name} (${made.id}), scopes ${made.scopes.join(', ')}. The key is shown this once:\n`)
  printResult(made, json, () => made.key ?? 'It was shown before.')
}
