/**
 * The keys as this instance knows them: read anew when a request needs them and they are older than a quarter of a second.
 * While the database is away the last good set holds, less what the hub says was taken away since.
 */
import type { Principal } from '../../config/principal.ts'
import type { Database } from '../../db/database.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { outage } from '../../lib/outage.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import { equalTexts } from '../../lib/token-digest.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps, KeyNotice } from '../../ports/index.ts'
import { credentialsOf, type KeyCredential } from './credentials.ts'
import { narrowed } from './notice.ts'
import { readKeys, readVersion } from './store.ts'

export type KeySetDeps = Pick<Deps, 'clock' | 'log' | 'background' | 'keyNotices'> & { database: Database }

/** With the time of a read, well within the second that a revocation may take. */
const freshForMs = 250
/** A key that is not known may be new; ids are the caller's word, so it waits until this long after the last read. */
const lookAgainMs = 50
/** How long a request waits where a last good set exists, and where none does. */
const timeoutMs = 500
const firstTimeoutMs = 2000
/** How long for another request's read, which on workerd may have ended with it. */
const shareMs = 200
/** How long for the hub's word on a key, while the database is away. */
const askMs = 200

export class KeySet {
  readonly #deps: KeySetDeps
  readonly #share: ReturnType<typeof singleFlight<void>>
  readonly #outage
  /** By key id; undefined until the first read. */
  #known: Map<string, readonly KeyCredential[]> | undefined
  /** Of the known set; undefined when that is not as it was read. */
  #version: string | null | undefined
  /** Notices that the last read may not know of. */
  readonly #told = new Map<string, { notice: KeyNotice; at: number }>()
  /** When the hub was asked about a key in this outage. */
  readonly #asked = new Map<string, number>()
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
    deps.keyNotices.follow?.((notice) => this.#take(notice))
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
    if (!this.#known || !this.#outage.lasts) return this.#wait(id, isKnown ? 0 : lookAgainMs - age)
    this.#outage.missed()
    // Its failure is known: no request waits for the next one.
    if (clock.monotonic() - this.#triedAt >= freshForMs) this.#deps.background(this.#read().catch(() => {}))
    return id === undefined ? undefined : this.#ask(id)
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
    const credential = this.#known?.get(key.id)?.find(({ principal }) => principal.key.credential === key.credential)
    if (!credential) return false
    const { notAfterMs, scopes: held } = credential.principal
    const isOver = notAfterMs !== null && this.#deps.clock.now() > notAfterMs
    return !isOver && scopes.every((scope) => held.includes(scope))
  }

  async #wait(id: string | undefined, pauseMs: number): Promise<void> {
    const { clock } = this.#deps
    if (pauseMs > 0) await clock.sleep(pauseMs)
    try {
      const ms = this.#known ? timeoutMs : firstTimeoutMs
      await withTimeout(clock, ms, this.#read(), () => new Error(`no answer within ${ms} ms`))
    } catch (error) {
      this.#outage.failed(error)
      if (!this.#known) throw new GatewayError('database_unavailable', {}, { cause: error })
      if (id !== undefined) await this.#ask(id)
    }
  }

  /** Undefined where the hub tells by itself, and for what it was asked a moment ago. */
  #ask(id: string): undefined | Promise<void> {
    const { clock, keyNotices } = this.#deps
    const now = clock.monotonic()
    const askedAt = this.#asked.get(id) ?? Number.NEGATIVE_INFINITY
    if (!keyNotices.ask || !this.#known?.has(id) || now - askedAt < freshForMs) return undefined
    this.#asked.set(id, now)
    return this.#hear(keyNotices.ask(id))
  }

  async #hear(asked: Promise<KeyNotice | null>): Promise<void> {
    const late = () => new Error(`no answer within ${askMs} ms`)
    const notice = await withTimeout(this.#deps.clock, askMs, asked, late).catch(() => null)
    if (notice) this.#take(notice)
  }

  #take(notice: KeyNotice): void {
    this.#told.set(notice.id, { notice, at: this.#deps.clock.monotonic() })
    this.#narrow(notice)
  }

  #narrow(notice: KeyNotice): void {
    const credentials = this.#known?.get(notice.id)
    if (credentials) this.#known?.set(notice.id, narrowed(credentials, notice))
    this.#version = undefined
  }

  #read(): Promise<void> {
    return this.#share('', async () => {
      const began = this.#deps.clock.monotonic()
      this.#triedAt = began
      const db = this.#deps.database.open()
      if (!this.#known || (await readVersion(db)) !== this.#version) {
        const { version, rows } = await readKeys(db)
        // One that began later has ended already.
        if (began < this.#readAt) return
        this.#known = new Map(rows.map(({ key }) => [key.id, credentialsOf(key)]))
        this.#version = version
      }
      this.#readAt = Math.max(this.#readAt, began)
      this.#outage.worked()
      this.#asked.clear()
      for (const [id, { notice, at }] of this.#told) {
        // A notice follows its commit, so a read that began later knows better.
        if (at < began) this.#told.delete(id)
        else this.#narrow(notice)
      }
    })
  }
}
