/**
 * `npm run keys -- <command>`: keys of the running gateway. Exits with 0 when it was done, 1 when the gateway refused it,
 * 2 for a command that cannot be, 3 without an answer.
 */
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { parseConfig } from '../../config/config.ts'
import { type Key, KeyList, Key as KeySchema, MadeKey } from '../../features/keys/schema.ts'
import { runningGateway } from './running-gateway.ts'

const help = `npm run keys -- <command> [--json]

  create NAME --scope SCOPE… [--expires TIME] [--note TEXT] [--limit CLASS=N…]   makes a key and shows it this once
  list [--state active|expired|revoked]                                          all keys
  show ID                                                                        one key
  revoke ID                                                                      ends it everywhere within a second
  reroll ID [--overlap SECONDS]                                                  a new secret; the old one goes on so long

The gateway is at HOST and PORT; the token is that of the environment, with the scope admin.
Exit status: 0 done, 1 refused, 2 wrong command, 3 no gateway answers.
`

class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  scope: { type: 'string', multiple: true },
  expires: { type: 'string' },
  note: { type: 'string' },
  limit: { type: 'string', multiple: true },
  state: { type: 'string' },
  overlap: { type: 'string' },
} as const

type Values = ReturnType<typeof parsed>['values']
const parsed = () => parseArgs({ options, allowPositionals: true })

async function ask<S extends v.GenericSchema>(
  schema: S,
  path: string,
  method = 'GET',
  body?: object,
): Promise<v.InferOutput<S>> {
  const { url, token } = runningGateway(parseConfig({ ...process.env, VX11_ENV: 'development' }), process.env)
  const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  const answer = await fetch(`${url}/operator/api/keys${path}`, init).catch(() => {
    throw new Refused(3, `No gateway answers at ${url}. Start it, or set HOST and PORT to where it runs.`)
  })
  const json: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw new Refused(1, `${answer.status}: ${reasonOf(json)}`)
  return v.parse(schema, json)
}

const Issues = v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])), msg: v.string() }))

function reasonOf(json: unknown): string {
  const problem = v.safeParse(v.object({ detail: v.union([v.string(), Issues]) }), json)
  if (!problem.success) return 'no reason given'
  const { detail } = problem.output
  return typeof detail === 'string'
    ? detail
    : detail.map(({ loc, msg }) => `${loc.slice(1).join('.')}: ${msg}`).join('; ')
}

const wrong = (message: string) => new Refused(2, `${message}\n\n${help}`)

const commands: Readonly<Record<string, (target: string | undefined, values: Values) => Promise<void>>> = {
  async create(name, { scope = [], expires, note, limit = [], json }) {
    if (name === undefined || scope.length === 0) throw wrong('create needs a name and at least one --scope')
    const limits = Object.fromEntries(limit.map(limitOf))
    const body = {
      name,
      scopes: scope,
      ...(expires && { expires_at: expires }),
      ...(note && { note }),
      ...(limit.length > 0 && { limits }),
    }
    showMade(await ask(MadeKey, '', 'POST', body), json)
  },
  async list(_target, { state, json }) {
    const keys: Key[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ limit: '200', ...(state && { state }), ...(cursor && { cursor }) })
      const page: v.InferOutput<typeof KeyList> = await ask(KeyList, `?${query}`)
      keys.push(...page.keys)
      cursor = page.next
    }
    print(json ? JSON.stringify(keys, null, 2) : keys.map(lineOf).join('\n') || 'No keys yet.')
  },
  async show(id, { json }) {
    showKey(await ask(KeySchema, pathOf(id)), json)
  },
  async revoke(id, { json }) {
    showKey(await ask(KeySchema, pathOf(id), 'DELETE'), json)
  },
  async reroll(id, { overlap = '0', json }) {
    showMade(await ask(MadeKey, `${pathOf(id)}/reroll`, 'POST', { overlap_seconds: Number(overlap) }), json)
  },
}

function limitOf(text: string): [string, number] {
  const [, name, number] = /^(\w+)=(\d+)$/.exec(text) ?? []
  if (name === undefined) throw wrong(`--limit ${text} is not CLASS=N, such as user=600`)
  return [name, Number(number)]
}

function pathOf(id: string | undefined): string {
  if (id === undefined) throw wrong('The id of a key is missing; list shows it')
  return `/${encodeURIComponent(id)}`
}

const print = (text: string) => void process.stdout.write(`${text}\n`)

const lineOf = ({ id, name, state, scopes, expires_at, last_used_at }: Key) =>
  [
    id,
    state.padEnd(7),
    scopes.join(',').padEnd(12),
    `until ${expires_at ?? 'ever'}`,
    `used ${last_used_at ?? 'never'}`,
    name,
  ].join('  ')

function showKey(key: Key, json: boolean): void {
  if (json) {
    print(JSON.stringify(key, null, 2))
    return
  }
  print(
    Object.entries(key)
      .map(([name, value]) => `${name.padEnd(14)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('\n'),
  )
}

/** The key alone on standard output, so that a script can keep it. */
function showMade(made: MadeKey, json: boolean): void {
  if (json) {
    print(JSON.stringify(made, null, 2))
    return
  }
  process.stderr.write(`${made.name} (${made.id}), scopes ${made.scopes.join(', ')}. The key is shown this once:\n`)
  print(made.key ?? 'It was shown before.')
}

async function main(): Promise<number> {
  try {
    const { values, positionals } = parsed()
    const [name = '', target] = positionals
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (values.help) print(help)
    else if (command) await command(target, values)
    else throw wrong(name === '' ? 'A command is missing' : `There is no command ${name}`)
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n`)
    return error instanceof Refused ? error.status : 2
  }
}

process.exitCode = await main()
