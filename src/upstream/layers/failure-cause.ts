/** Remembers why the last exchange with an upstream failed to connect, and logs it once an outage, for operators. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { outage } from '../../lib/outage.ts'
import type { Clock, FailureCause, Log, Upstream } from '../../ports/index.ts'
import { transportFailure } from './outcome.ts'

interface CauseOptions {
  name: string
  /** Of several addresses the one that is watched. */
  address?: string
  clock: Clock
  log: Log
}

export interface CauseWatch {
  upstream: Upstream
  /** Null while exchanges work. */
  read(): FailureCause | null
}

/** Around the bare upstream, so that health questions and tries are all seen. */
export function watchesCause(bare: Upstream, { name, address, clock, log }: CauseOptions): CauseWatch {
  let last: FailureCause | null = null
  const of = { upstream: name, ...(address !== undefined && { address }) }
  const lasting = outage({
    began: (reason) => log.warn('upstream_unreachable', { ...of, reason }),
    ended: (count) => log.info('upstream_reachable_again', { ...of, count }),
  })
  const upstream: Upstream = async (target, init) => {
    try {
      const answer = await bare(target, init)
      last = null
      lasting.worked()
      return answer
    } catch (error) {
      const found = causeOf(error)
      if (!found) throw error
      last = { ...found, at: clock.now() }
      // Without the system's word the log of health checks and circuits says as much.
      if (lasting.lasts) lasting.missed()
      if (found.complaint !== found.code) lasting.failed(new Error(`${found.code}: ${found.complaint}`))
      throw error
    }
  }
  return { upstream, read: () => last }
}

/** A caller that left, or sent too much, says nothing about the upstream. */
const ofTheCaller = new Set<string | undefined>(['aborted', 'body_too_large', undefined])
const maxLength = 200

/** The innermost error with a code: the system's, or the certificate's; of several addresses the first. */
function causeOf(error: unknown): Omit<FailureCause, 'at'> | null {
  const failure = transportFailure(error)
  if (ofTheCaller.has(failure) || !(error instanceof GatewayError)) return null
  let found: Omit<FailureCause, 'at'> = { code: failure ?? '', complaint: failure ?? '' }
  for (let each: unknown = error.cause; each instanceof Error; each = innerOf(each)) {
    const { code, message } = each as Error & { code?: unknown }
    if (typeof code === 'string') found = { code, complaint: plain(message || code) }
    else if (each.cause === undefined && each.message !== failure) found.complaint = plain(each.message)
  }
  return found
}

const innerOf = (error: Error): unknown => (error instanceof AggregateError ? error.errors[0] : error.cause)

/** One line without control characters; OpenSSL's sentences carry a file and a line of its sources. */
const plain = (text: string): string =>
  text
    .replace(/^[0-9A-F]+:error:[0-9A-F]+:/, '')
    .replace(/:\.\..*$/s, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxLength)
