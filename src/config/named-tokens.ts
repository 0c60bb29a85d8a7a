/** Parses VX11_TOKENS: named callers, each with a token or its digest, scopes and an optional expiry. */

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { parseJson } from '../lib/json-text.ts'
import { type KnownToken, type Scope, scopes } from './principal.ts'
import { isToken, lengthForm, tokenForm } from './values.ts'

export const digestOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)))

/** Removes duplicates and sorts scopes in the order of `scopes`. */
export const inOrder = (wanted: readonly Scope[]): Scope[] => scopes.filter((scope) => wanted.includes(scope))

const nameForm = 'name must be 1 to 64 letters, digits, dots, dashes or underscores'
const digestForm = 'sha256 must be 64 hexadecimal digits'
const scopesForm = `scopes must be a list of one or more of ${scopes.join(', ')}`
const endForm = 'notAfter must be an ISO date, an ISO time with its zone, or whole epoch seconds'

const entry = (minLength: number) =>
  v.strictObject(
    {
      name: v.pipe(v.string(nameForm), v.regex(/^[A-Za-z0-9._-]{1,64}$/, nameForm)),
      token: v.optional(
        v.pipe(
          v.string('token must be text'),
          v.check(isToken, `token ${tokenForm}`),
          v.check((token) => token.length >= minLength, `token ${lengthForm(minLength)}`),
        ),
      ),
      sha256: v.optional(v.pipe(v.string(digestForm), v.regex(/^[0-9a-f]{64}$/i, digestForm), v.toLowerCase())),
      scopes: v.pipe(v.array(v.picklist(scopes, scopesForm), scopesForm), v.minLength(1, scopesForm)),
      notAfter: v.optional(v.pipe(v.unknown(), v.transform(parseEnd), v.number(endForm))),
    },
    'must be an object of name, token or sha256, scopes and perhaps notAfter, and of nothing else',
  )

const isoTime = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Epoch milliseconds; a date alone means midnight UTC. Null for an invalid date, such as February 30. */
export function parseEnd(input: unknown): number | null {
  if (typeof input === 'number') return Number.isInteger(input) && input > 0 && input < 1e11 ? input * 1000 : null
  const day = typeof input === 'string' ? isoTime.exec(input)?.[1] : undefined
  if (day === undefined || !exists(day)) return null
  const time = Date.parse(String(input))
  return Number.isNaN(time) ? null : time
}

function exists(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
}

/** Reports the problems of all entries, by position, because the name itself may be invalid. */
export const namedTokensText = (minLength: number) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, KnownToken[]>(({ dataset, addIssue, NEVER }) => {
      const Entry = entry(minLength)
      const list = parseJson(dataset.value)
      if (!Array.isArray(list)) {
        addIssue({ message: 'must be a JSON list of objects' })
        return NEVER
      }
      return list.flatMap((input, index) => {
        const { token, problems } = readEntry(Entry, input)
        for (const problem of new Set(problems)) addIssue({ message: `entry ${index + 1}: ${problem}` })
        return token ?? []
      })
    }),
  )

function readEntry(Entry: ReturnType<typeof entry>, input: unknown): { token?: KnownToken; problems: string[] } {
  const result = v.safeParse(Entry, input)
  if (!result.success) return { problems: result.issues.map((issue) => issue.message) }
  const { name, token, sha256: digest, scopes: granted, notAfter } = result.output
  if ((token === undefined) === (digest === undefined)) return { problems: ['must hold either token or sha256'] }
  const principal = { name, scopes: inOrder(granted), notAfterMs: notAfter ?? null }
  return { token: { sha256: digest ?? digestOf(token ?? ''), principal }, problems: [] }
}
