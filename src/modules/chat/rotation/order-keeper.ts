/** Keeps the order of the models, one for all instances: what was learned changes it, and what an operator decides. */
import { chatOrderTurned } from '../../../announcements.ts'
import { onDatabase } from '../../../db/database-timeout.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { Deps } from '../../../ports/index.ts'
import { whyChanged } from './explain.ts'
import { reorder, type ScoreOf, type Standing } from './reorder.ts'
import { type OrderRecord, readOrder, replaceOrder, type StoredOrder } from './store.ts'

export type OrderDeps = Pick<Deps, 'announce' | 'clock' | 'config' | 'database' | 'log' | 'metrics'>

export interface OrderKeeper {
  record(): OrderRecord
  /** The models as they stand, a pinned one first. */
  present(): readonly string[]
  /** Takes what another instance decided. */
  adopt(stored: StoredOrder): void
  /** Takes the next order, unless another instance took one first. Never rejects. */
  settle(scoreOf: ScoreOf): Promise<void>
  /** An operator's decision. Rejects with database_unavailable. */
  change(next: (now: OrderRecord) => OrderRecord): Promise<void>
}

const maxTries = 5

/** `contract` has the models of now, so what is known of one that is gone waits for its return. */
export function orderKeeper(deps: OrderDeps, contract: () => readonly string[]): OrderKeeper {
  const { announce, clock, config, metrics } = deps
  let known: StoredOrder = { text: null, record: null }
  const ofNow = ({ record }: Pick<StoredOrder, 'record'>): OrderRecord => fitted(record ?? undecided, contract())
  const record = () => ofNow(known)

  const adopt = (stored: StoredOrder): void => {
    known = stored
  }
  const replace = (before: string | null, after: OrderRecord) =>
    onDatabase(deps, (db) => replaceOrder(db, before, after, clock.now()))

  async function settle(scoreOf: ScoreOf): Promise<void> {
    const before = record()
    const next = reorder(before, scoreOf)
    if (before.frozen || same(next, before)) return
    const reason = whyChanged(before, next, scoreOf)
    const [order, belowFloor] = [[...next.order], [...next.belowFloor]]
    const after: OrderRecord = { ...before, order, belowFloor, changed: { at: clock.now(), reason } }
    const isOurs = await replace(known.text, after).catch(() => null)
    if (isOurs === false) return
    // Without a database each instance goes by what it learned itself.
    known = { text: isOurs ? JSON.stringify(after) : known.text, record: after }
    if (order.join() === before.order.join()) return
    const dryRun = config.chat.rotation.mode === 'dry-run'
    metrics.chatOrderChanged()
    announce(chatOrderTurned(before.order, order, { reason, dryRun }))
  }

  return {
    record,
    present() {
      const { order, pinned } = record()
      return pinned ? [pinned.model, ...order.filter((name) => name !== pinned.model)] : order
    },
    adopt,
    settle,
    async change(next) {
      for (let tries = 0; tries < maxTries; tries++) {
        const stored = await onDatabase(deps, readOrder)
        const after = next(ofNow(stored))
        if (await replace(stored.text, after)) return adopt({ text: JSON.stringify(after), record: after })
      }
      throw new GatewayError('database_unavailable')
    },
  }
}

const undecided: OrderRecord = { order: [], belowFloor: [], pinned: null, frozen: null, changed: null }

/** Models that were configured since go to the end, others are left out. */
function fitted(record: OrderRecord, contract: readonly string[]): OrderRecord {
  const isKnown = (name: string) => contract.includes(name)
  return {
    ...record,
    order: [...new Set([...record.order.filter(isKnown), ...contract])],
    belowFloor: record.belowFloor.filter(isKnown),
    pinned: record.pinned && isKnown(record.pinned.model) ? record.pinned : null,
  }
}

const same = (one: Standing, other: Standing): boolean =>
  one.order.join() === other.order.join() && one.belowFloor.join() === other.belowFloor.join()
