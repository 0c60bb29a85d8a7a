/** Chooses the address of each try, and moves a try on that reached no server. */
import { leastLoaded } from '../../lib/least-loaded.ts'
import type { Clock, ExchangeTrace, Upstream, UpstreamInit } from '../../ports/index.ts'
import { transportFailure } from '../layers/outcome.ts'
import { lastMoment } from '../layers/retry.ts'
import type { Address, Tries } from './address.ts'

export interface Choice {
  address: Address
  /** Every address is set aside or down: this one is tried all the same. */
  isLastResort: boolean
}

/** A stream can be sent only once, so it does not go where a server only might be back. */
const streamPatienceMs = 10_000
const patienceFor = ({ body }: Pick<UpstreamInit, 'body'>) => (body instanceof ReadableStream ? streamPatienceMs : 0)

/** Addresses where this request has not been come first. Undefined without addresses. */
export function chooseAddress(
  addresses: readonly Address[],
  init: Pick<UpstreamInit, 'body' | 'visited'>,
): Choice | undefined {
  const patienceMs = patienceFor(init)
  const usable = addresses.filter((each) => each.isUsable(patienceMs))
  const among = usable.length > 0 ? usable : addresses
  const fresh = among.filter(({ url }) => !init.visited?.has(url))
  const address = leastLoaded(fresh.length > 0 ? fresh : among)
  return address && { address, isLastResort: usable.length === 0 }
}

/** Whether a further try of this request would go to a usable address where it has not been. */
export const hasOther = (addresses: readonly Address[], init: Pick<UpstreamInit, 'body' | 'visited'>): boolean =>
  addresses.some((each) => !init.visited?.has(each.url) && each.isUsable(patienceFor(init)))

/** Also where none is left, because then another upstream is asked. */
const mayMove = (addresses: readonly Address[], { visited }: UpstreamInit) =>
  addresses.length === 0 || addresses.some(({ url }) => !visited?.has(url))

/** A connection that nobody takes may cost two seconds. */
const maxMoves = 3

export interface ChoiceOptions {
  clock: Clock
  addresses: () => readonly Address[]
  /** The layers of a try around an address. */
  triesAt: (address: Address) => Tries
  triedLastResort: () => void
  /** Asked where there is no address at all. */
  none: Upstream
}

/** The address stands in `visited` after its try; the answer of a try that moved on is the last one's. */
export function choosesAddress({ clock, addresses, triesAt, triedLastResort, none }: ChoiceOptions): Upstream {
  return async function chooseAndTry(target, init) {
    const startedAt = clock.monotonic()
    let tried = init
    let moves = 0
    for (;;) {
      const choice = chooseAddress(addresses(), init)
      if (!choice) return none(target, tried)
      const { address, isLastResort } = choice
      init.visited?.add(address.url)
      if (isLastResort) triedLastResort()
      const { guarded, lastResort } = triesAt(address)
      try {
        const answer = await (isLastResort ? lastResort : guarded)(target, tried)
        if (init.trace) init.trace.address = address.url
        return answer
      } catch (error) {
        const left = lastMoment(init, startedAt) - clock.monotonic()
        if (left <= 0 || !arrivedNowhere(error, init) || ++moves > maxMoves || !mayMove(addresses(), init)) throw error
        tried = { ...init, limits: { ...init.limits, firstByteMs: left } }
      } finally {
        nameLastTry(init.trace, address.url)
      }
    }
  }
}

/** A choice that was refused made none. */
function nameLastTry(trace: ExchangeTrace | undefined, address: string): void {
  const last = trace?.tries.at(-1)
  if (last) last.address ??= address
}

/** No server saw it, so another may have it at once, whatever its method; a stream may have been read from. */
const arrivedNowhere = (error: unknown, { body, signal }: UpstreamInit): boolean =>
  transportFailure(error) === 'unreachable' && !(body instanceof ReadableStream) && !signal?.aborted
