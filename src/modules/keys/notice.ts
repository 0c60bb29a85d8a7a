/**
 * A changed key, told to other instances. A notice only takes away: who can write to the hub's store must not be able to
 * give itself a key, so what a change gives is read from the database.
 */
import * as v from 'valibot'
import { type Principal, scopes } from '../../config/principal.ts'
import type { KeyNotice } from '../../ports/index.ts'
import { credentialsOf, type KeyCredential } from './credentials.ts'
import { KeyLimits, type KeyRecord } from './record.ts'

export const KeyNoticeText = v.object({
  id: v.string(),
  scopes: v.array(v.picklist(scopes)),
  limits: KeyLimits,
  credentials: v.array(v.object({ mark: v.string(), notAfterMs: v.nullable(v.number()) })),
})

export const noticeOf = (key: KeyRecord): KeyNotice => ({
  id: key.id,
  scopes: key.scopes,
  limits: key.limits,
  credentials: credentialsOf(key).map(({ principal }) => ({
    mark: principal.key.credential,
    notAfterMs: principal.notAfterMs,
  })),
})

/** Limits are taken as they are: whoever writes to the hub's store can reset their counts as well. */
export const narrowed = (known: readonly KeyCredential[], notice: KeyNotice): KeyCredential[] =>
  known.flatMap(({ sha256, principal }) => {
    const told = notice.credentials.find(({ mark }) => mark === principal.key.credential)
    if (!told) return []
    const kept = {
      scopes: principal.scopes.filter((scope) => notice.scopes.includes(scope)),
      notAfterMs: earlier(principal.notAfterMs, told.notAfterMs),
      key: { ...principal.key, limits: notice.limits },
    }
    return [{ sha256, principal: { ...principal, ...kept } }]
  })

/** When the credential that let this principal in ends; undefined if it is over, or gives a scope less. */
export function endUnder(notice: KeyNotice, { key, scopes: opened, notAfterMs }: Principal): number | null | undefined {
  if (key?.id !== notice.id) return notAfterMs
  const told = notice.credentials.find(({ mark }) => mark === key.credential)
  return told && opened.every((scope) => notice.scopes.includes(scope)) ? told.notAfterMs : undefined
}

const earlier = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)
