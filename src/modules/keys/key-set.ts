/**
 * The keys as this instance knows them: read anew when a request needs them and they are older than a quarter of a second.
 * While the database is away the last good set holds, so that a revoked key stays revoked.
 */
import type { Principal } from '../../config/principal.ts'
import type { Database } from '../../db/database.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { outage } from '../../lib/outage.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import { equalTexts } from '../../lib/token-digest.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { type KeyRecord, principalOf } from './record.ts'
import { readKeys, readVersion } from './store.ts'

export type KeySetDeps = Pick<Deps, 'clock' | 'log' | 'background'> & { database: Database }

/** With the time of a read, well within the second that a revocation may take. */
const freshForMs = 250
/** A key that is not known may be new; ids are the caller's word, so it waits until this long after the last read. */
const lookAgainMs = 50
/** How long a request waits where a last good set exists, and where none does. */
const timeoutMs = 500
const firstTimeoutMs = 2000
/** How long for another request's read, which on workerd may have ended with it. */
const shareMs = 200

/** A secret by which a key is known now. */
interface Credential {
  sha256: string
  principal: Principal
}

export class KeySet {
  readonly #deps: KeySetDeps
  readonly #share: ReturnType<typeof singleFlight<void>>
  readonly #outage
  /** By key id; undefined until the first read. */
  #known: ReadonlyMap<string, readonly Credential[]> | undefined
  #version: string | null = null
  /** When the reads of the known set, and the last one, began. */
  #readAt = Number.NEGATIVE_INFINITY
  #triedAt = Number.NEGATIVE_INFINITY

  constructor(deps: KeySetDeps) {
    this.#deps = deps
    this.#share = singleFlight<void>(deps.clock, shareMs)
    this.#outage = outage({
      began: (reason) => deps.log.warn('keys_not_read', { reason }),
      ended: (count) => deps.log.info('keys_read_again', { count }),
    })
  }

  /** The next question reads the keys anew. */
  doubt(): void {
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  /** Undefined when nothing is to be waited for. Rejects with `database_unavailable` while no set is known. */
  refresh(id?: string): undefined | Promise<void> {
    const { clock } = this.#deps
    const age = clock.monotonic() - this.#readAt
    const isKnown = id === undefined || this.#known?.has(id)
    if (isKnown && age < freshForMs) return undefined
    if (!this.#known || !this.#outage.lasts) return this.#wait(isKnown ? 0 : lookAgainMs - age)
    this.#outage.missed()
    // Its failure is known: no request waits for the next one.
    if (clock.monotonic() - this.#triedAt >= freshForMs) this.#deps.background(this.#read().catch(() => {}))
    return undefined
  }

  /** The principal of a digest. The caller checks the expiry. */
  find(id: string, sha256: string): Principal | undefined {
    let found: Principal | undefined
    for (const credential of this.#known?.get(id) ?? [])
      if (equalTexts(credential.sha256, sha256)) found = credential.principal
    return found
  }

  /** The principal of the newest secret. */
  named(id: string): Principal | undefined {
    return this.#known?.get(id)?.[0]?.principal
  }

  /** The credential that let this principal in still does, and gives no scope less. */
  isStillGood({ key, scopes }: Principal): boolean {
    if (!key) return true
    const credential = this.#known?.get(key.id)?.find(({ principal }) => principal.key?.credential === key.credential)
    if (!credential) return false
    const { notAfterMs, scopes: held } = credential.principal
    const isOver = notAfterMs !== null && this.#deps.clock.now() > notAfterMs
    return !isOver && scopes.every((scope) => held.includes(scope))
  }

  async #wait(pauseMs: number): Promise<void> {
    const { clock } = this.#deps
    if (pauseMs > 0) await clock.sleep(pauseMs)
    try {
      const ms = this.#known ? timeoutMs : firstTimeoutMs
      await withTimeout(clock, ms, this.#read(), () => new Error(`no answer within ${ms} ms`))
    } catch (error) {
      this.#outage.failed(error)
      if (!this.#known) throw new GatewayError('database_unavailable', {}, { cause: error })
    }
  }

  #read(): Promise<void> {
    return this.#share('', async () => {
      const began = this.#deps.clock.monotonic()
      this.#triedAt = began
      const db = this.#deps.database.open()
      if (!this.#known || (await readVersion(db)) !== this.#version) {
        const { version, rows } = await readKeys(db)
        this.#known = new Map(rows.map(({ key }) => [key.id, credentialsOf(key)]))
        this.#version = version
      }
      this.#readAt = Math.max(this.#readAt, began)
      this.#outage.worked()
    })
  }
}

/** None for a revoked key; two while a reroll's overlap lasts. */
function credentialsOf(key: KeyRecord): Credential[] {
  if (key.revokedAtMs !== null) return []
  const { previous, expiresAtMs } = key
  const now = { sha256: key.sha256, principal: principal(key, key.sha256, expiresAtMs) }
  if (!previous) return [now]
  const untilMs = Math.min(previous.untilMs, expiresAtMs ?? Number.POSITIVE_INFINITY)
  return [now, { sha256: previous.sha256, principal: principal(key, previous.sha256, untilMs) }]
}

const principal = ({ id, name, scopes, limits }: KeyRecord, sha256: string, notAfterMs: number | null): Principal => ({
  name: principalOf(id),
  scopes,
  notAfterMs,
  key: { id, name, limits, credential: sha256.slice(0, 16) },
})
