/** Reads the addresses of an upstream that runs more than once, each with its weight. */
import { parseJson } from '../../lib/json-text.ts'
import { isPrivateHost } from '../../lib/private-host.ts'
import { parseHttpUrl } from '../addresses.ts'

export interface WeightedAddress {
  url: string
  /** Its share of the requests, relative to the others'. */
  weight: number
}

const maxAddresses = 16
const maxWeight = 100

const form =
  'must be a comma list or JSON list of http(s) URLs, each without credentials, query or fragment, with a weight if needed: http://one:8007 weight=3, http://other:8007'

/** The items of a list; null for the text of a single target, whose path may have commas. */
export function addressItems(text: string): string[] | null {
  if (text.trimStart().startsWith('[')) return jsonItems(text)
  if (!/\s|,\s*[a-z]+:\/\//i.test(text)) return null
  return text.split(/\s*,\s*(?=[a-z]+:)/i)
}

/** No items for what is not a list of texts. */
function jsonItems(text: string): string[] {
  const items = parseJson(text)
  return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : []
}

/** Null after a complaint, which never repeats the value. */
export function parseAddresses(
  items: readonly string[],
  complain: (issue: { message: string }) => void,
): WeightedAddress[] | null {
  const addresses = items.map(parseAddress)
  const problem = addresses.length === 0 ? form : (addresses.find((each) => typeof each === 'string') ?? null)
  const found = problem ?? problemOf(addresses as WeightedAddress[])
  if (found === null) return addresses as WeightedAddress[]
  complain({ message: found as string })
  return null
}

/** What is wrong with it, or the address. */
function parseAddress(item: string, index: number): WeightedAddress | string {
  const [, address = '', weight = '1'] = /^(\S+)(?:\s+weight=(\S*))?$/.exec(item.trim()) ?? []
  const url = parseHttpUrl(address)
  if (url === null || new URL(url).hostname.includes(',')) return `${form}; look at address ${index + 1}`
  const isWeight = /^[1-9]\d{0,2}$/.test(weight) && Number(weight) <= maxWeight
  if (!isWeight) return `must give address ${index + 1} a weight from 1 to ${maxWeight}, in plain digits`
  return { url, weight: Number(weight) }
}

/** The addresses are one service: what is sent to one must be right for each. */
function problemOf(addresses: readonly WeightedAddress[]): string | null {
  if (addresses.length > maxAddresses) return `must have at most ${maxAddresses} addresses`
  const urls = addresses.map(({ url }) => new URL(url))
  const distinct = (part: (url: URL) => unknown) => new Set(urls.map(part)).size
  if (distinct(({ href }) => href) < urls.length) return 'must name each address once: a weight gives one more requests'
  if (distinct(({ protocol }) => protocol) > 1) return 'must have http:// addresses or https:// addresses, not both'
  if (distinct(({ pathname }) => pathname) > 1) return 'must have the same path in each address'
  const isClear = urls[0]?.protocol === 'http:'
  if (isClear && distinct(({ hostname }) => isPrivateHost(hostname)) > 1)
    return 'must not have private and public hosts in one list of http:// addresses: use https:// for both'
  return null
}
