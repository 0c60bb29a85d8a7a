/** Sends spans to a collector in batches, beside the requests and never before them. */
import { outage } from '../../lib/outage.ts'
import type { FinishedSpan } from '../../modules/tracing/span.ts'
import type { Clock, Deps, Log, Random, TraceCounts, Transport } from '../../ports/index.ts'
import { type Collector, type Delivery, deliver } from './delivery.ts'
import { spanText } from './encode.ts'
import { SpanQueue } from './span-queue.ts'

export interface ExporterOptions {
  clock: Clock
  random: Pick<Random, 'fraction'>
  log: Log
  transport: Transport
  background: Deps['background']
  collector: Collector
  /** What stands around the spans of a batch. */
  envelope: readonly [string, string]
  /** From the first waiting span to its batch. */
  delayMs: number
  maxWaiting: number
  /** For all tries of a batch. */
  batchTimeMs: number
}

export interface SpanExporter {
  record(span: FinishedSpan): void
  drop(reason: string, count: number): void
  counts(): TraceCounts
  /** Sends what waits, once. What is left after `ms` is counted as dropped. Never rejects. */
  close(ms: number): Promise<void>
}

interface Batch {
  spans: readonly string[]
  isPaused: boolean
  done: Promise<void>
}

const firstPauseMs = 1000
const maxPauseMs = 30_000
/** On workerd work may end without a word, with the request in whose name it was done. */
const graceMs = 5000

export function spanExporter(options: ExporterOptions): SpanExporter {
  const { clock, random, log, background, collector, delayMs, batchTimeMs } = options
  const queue = new SpanQueue(options.maxWaiting)
  const dropped: Record<string, number> = {}
  let exported = 0
  let gatheringSince = Number.NEGATIVE_INFINITY
  let sendingSince = Number.NEGATIVE_INFINITY
  let underWay: Batch | null = null
  /** Who sends now; a sender that was given up has no say any more. */
  let sender = 0
  let closing = false
  const lost = outage({
    began: (reason) => log.warn('traces_not_exported', { reason }),
    ended: (count) => log.info('traces_exported_again', { count }),
  })

  const isUnderWay = (since: number, ms: number) => clock.monotonic() - since < ms + graceMs

  function drop(reason: string, count: number): void {
    dropped[reason] = (dropped[reason] ?? 0) + count
    for (let each = 0; each < count && lost.lasts; each++) lost.missed()
  }

  function schedule(): void {
    if (closing) return
    if (queue.fillsBatch) startSending()
    else if (!isUnderWay(gatheringSince, delayMs)) {
      gatheringSince = clock.monotonic()
      background(gather())
    }
  }

  async function gather(): Promise<void> {
    await clock.sleep(delayMs)
    gatheringSince = Number.NEGATIVE_INFINITY
    startSending()
  }

  function startSending(): void {
    if (closing || queue.count === 0 || isUnderWay(sendingSince, batchTimeMs)) return
    if (underWay) drop('not_delivered', underWay.spans.length)
    underWay = null
    background(sendAll(++sender))
  }

  /** Everything that waits now, batch by batch. */
  async function sendAll(mine: number): Promise<void> {
    for (let left = queue.count; left > 0 && sender === mine && !closing; ) {
      sendingSince = clock.monotonic()
      const batch: Batch = { spans: queue.takeBatch(left), isPaused: false, done: Promise.resolve() }
      left -= batch.spans.length
      underWay = batch
      batch.done = sendBatch(batch, mine)
      await batch.done
    }
    if (sender !== mine) return
    sendingSince = Number.NEGATIVE_INFINITY
    if (queue.count > 0) schedule()
  }

  async function sendBatch(batch: Batch, mine: number): Promise<void> {
    const endsAt = clock.monotonic() + batchTimeMs
    const text = textOf(batch.spans)
    for (let retry = 0; ; retry++) {
      const delivery = await deliver(options, collector, text)
      if (sender !== mine) return
      const pause = delivery.kind === 'retry' && !closing ? pauseBefore(retry, delivery.afterMs) : null
      if (pause === null || clock.monotonic() + pause >= endsAt) {
        underWay = null
        return ended(batch.spans.length, delivery)
      }
      batch.isPaused = true
      await clock.sleep(pause)
      if (sender !== mine) return
      batch.isPaused = false
    }
  }

  const textOf = (spans: readonly string[]) => options.envelope[0] + spans.join(',') + options.envelope[1]

  /** Null for a wait that is longer than a batch is kept. */
  function pauseBefore(retry: number, afterMs: number | null): number | null {
    if (afterMs !== null && afterMs > maxPauseMs) return null
    const own = Math.min(maxPauseMs, firstPauseMs * 2 ** retry) * (0.5 + random.fraction() / 2)
    return Math.max(afterMs ?? 0, own)
  }

  function ended(count: number, delivery: Delivery): void {
    const { kind, reason } = delivery
    const missing = kind === 'taken' ? Math.min(count, delivery.rejected) : count
    exported += count - missing
    if (reason === null) lost.worked()
    // One line, whatever else it says until it works again.
    else if (!lost.lasts) lost.failed(new Error(reason))
    if (missing > 0) drop(kind === 'retry' ? 'not_delivered' : 'refused', missing)
  }

  async function close(ms: number): Promise<void> {
    const endsAt = clock.monotonic() + ms
    const leftMs = () => endsAt - clock.monotonic()
    closing = true
    if (underWay && !underWay.isPaused && ms > 0) await Promise.race([underWay.done, clock.sleep(ms)])
    // Of a batch that waits for its next try, this is it.
    if (underWay) queue.putBack(underWay.spans)
    underWay = null
    sender++
    while (queue.count > 0 && leftMs() > 0) {
      const spans = queue.takeBatch()
      const timeoutMs = Math.min(collector.timeoutMs, Math.max(1, leftMs()))
      ended(spans.length, await deliver(options, { ...collector, timeoutMs }, textOf(spans)))
    }
    if (queue.count === 0) return
    log.warn('traces_lost', { reason: 'the gateway stopped before they were sent', count: queue.count })
    drop('shutdown', queue.count)
    while (queue.count > 0) queue.takeBatch()
  }

  return {
    record(span) {
      if (queue.add(spanText(span))) schedule()
      else drop('queue_full', 1)
    },
    drop,
    counts: () => ({ exported, dropped, waiting: queue.count + (underWay?.spans.length ?? 0) }),
    close,
  }
}
