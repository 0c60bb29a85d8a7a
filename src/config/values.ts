/** Schemas for variable values. Every error says what is expected and never repeats the value. */

import * as v from 'valibot'
import { parseJson } from '../lib/json-text.ts'

/** A schema from a parser that returns null for invalid input. */
export const parsedBy = <T>(parse: (text: string) => T | null, expected: string) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value)
      if (value !== null) return value
      addIssue({ message: expected })
      return NEVER
    }),
  )

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
])

export const readBoolean = (text: string): boolean | null => booleanWords.get(text.toLowerCase()) ?? null

export const BooleanText = parsedBy(readBoolean, 'must be 1 or 0, true or false, yes or no, on or off')

/** Decimal digits only: no sign, space, exponent, hexadecimal or leading zero. */
export const IntegerText = (min: number, max: number) =>
  parsedBy((text) => {
    const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : null
  }, `must be a whole number from ${min} to ${max}, in plain digits`)

export const WordText = <const Word extends string>(words: readonly Word[]) =>
  parsedBy((text) => words.find((word) => word === text.toLowerCase()) ?? null, `must be one of ${words.join(', ')}`)

/** Also accepts Python's `WARNING`, for v7's env files. */
export const LogLevelText = parsedBy((text) => {
  const level = text.toLowerCase()
  if (level === 'debug' || level === 'info' || level === 'error') return level
  return level === 'warn' || level === 'warning' ? 'warn' : null
}, 'must be one of debug, info, warn, error')

export const HostText = parsedBy(
  (text) => (/^[A-Za-z0-9._:-]{1,253}$/.test(text) ? text : null),
  'must be a host name or an IP address, without port',
)

/** Removes trailing slashes, except from the root. */
export const FolderText = parsedBy((text) => {
  if (hasControlCharacters(text) || text.trim() !== text) return null
  return text.replace(/(?!^)\/+$/, '')
}, 'must be a folder path')

const isVisibleAscii = (text: string, min: number, max: number): boolean =>
  text.length >= min && text.length <= max && /^[\x21-\x7e]+$/.test(text)

export const tokenForm = 'must be 8 to 512 visible ASCII characters without spaces'
export const isToken = (text: string): boolean => isVisibleAscii(text, 8, 512)

export const lengthForm = (least: number) => `must have at least ${least} characters in production`

/** A token that callers send. */
export const tokenText = (minLength = 0) =>
  v.pipe(
    parsedBy((text) => (isToken(text) ? text : null), tokenForm),
    v.check((token) => token.length >= minLength, lengthForm(minLength)),
  )

/** A credential issued by another service. */
export const CredentialText = parsedBy(
  (text) => (isVisibleAscii(text, 1, 4096) ? text : null),
  'must be visible ASCII characters without spaces',
)

export const ModelText = parsedBy(
  (text) => (isVisibleAscii(text, 1, 128) ? text : null),
  'must be 1 to 128 visible ASCII characters without spaces',
)

/** The items of a comma list or JSON list of strings, trimmed and without duplicates; null when it is neither. */
export function parseList(text: string): string[] | null {
  if (!text.trimStart().startsWith('[')) return distinct(text.split(','))
  const items = parseJson(text)
  return Array.isArray(items) && items.every((item) => typeof item === 'string') ? distinct(items) : null
}

const distinct = (items: readonly string[]): string[] => [
  ...new Set(items.map((item) => item.trim()).filter((item) => item !== '')),
]

/** Refuses madre and redis: they always run, so no window contains them. */
export const ServiceNamesText = parsedBy((text) => {
  const names = parseList(text)
  const isService = (name: string) => /^[a-z][a-z0-9_-]{0,63}$/.test(name) && name !== 'madre' && name !== 'redis'
  return names !== null && names.length > 0 && names.every(isService) ? names : null
}, 'must be a comma list or JSON list of service names, without madre and redis')

/** A ticket that stands in a query opens a stream: no log has it. */
export const QueryNamesText = parsedBy((text) => {
  const names = distinct(text.split(','))
  const areNames = names.every((name) => /^[\w.-]{1,64}$/.test(name) && name !== 'token')
  return areNames && names.length <= 50 ? names : null
}, 'must be a comma list of at most 50 names of query parameters, without `token`')

export const AnyText = v.string()

export const hasControlCharacters = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it detects control characters
  /[\x00-\x1f\x7f]/.test(text)
