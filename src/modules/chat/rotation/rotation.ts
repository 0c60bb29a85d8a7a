/** Orders the chat's models by what was learned of them, unless an operator pinned one or froze the order. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { Deps } from '../../../ports/index.ts'
import type { Provider } from '../providers/provider.ts'
import type { ProviderStates } from '../providers/provider-states.ts'
import { explored } from './explore.ts'
import type { ModelFigures } from './figures.ts'
import { memory } from './memory.ts'
import { type Lesson, type Thumb, talliesOf, thumbTally } from './observation.ts'
import { type OrderDeps, orderKeeper } from './order-keeper.ts'
import type { ScoreOf } from './reorder.ts'
import { scoreOf } from './score.ts'
import type { OrderRecord } from './store.ts'
import { isWithinWindow, tallyKey } from './tally.ts'

type RotationDeps = OrderDeps &
  Pick<Deps, 'background' | 'random'> & { providers: () => readonly Provider[]; states: Pick<ProviderStates, 'read'> }

export const decisionReasons = ['contract', 'learned', 'pinned', 'frozen', 'explored', 'dry_run'] as const

export interface ModelChoice {
  /** All, in the order in which this message asks them. */
  providers: readonly Provider[]
  /** Null where rotation is off; `wouldOrder` is of a dry run. */
  note: { reason: (typeof decisionReasons)[number]; why: string; wouldOrder: readonly string[] | null } | null
}

/** What a message may not ask. */
export interface Asker {
  mayAct: boolean
  tokensSpent: boolean
  disableFallbacks: boolean
}

export interface RotationReading {
  record: OrderRecord
  /** A pinned one first. */
  order: readonly string[]
  figures: ReadonlyMap<string, ModelFigures>
  scoreOf: ScoreOf
}

export interface Rotation {
  /** At most a moment, before the first message. Never rejects. */
  ready(): Promise<void>
  decide(asker: Asker): Promise<ModelChoice>
  /** The order of a message that is lent to no model. */
  current(): readonly Provider[]
  learn(lesson: Lesson): void
  /** Of an answer of that moment; a changed thumb names what it was before. False where nothing is learned of it. */
  judge(model: string, thumb: { before: Thumb | null; now: Thumb | null }, atMs: number): boolean
  read(): RotationReading
  /** The minute's work: old figures fade without messages, too. Never rejects. */
  review(): Promise<void>
  /** Null unpins. Rejects with feature_disabled, chat_model_not_found or database_unavailable. */
  pin(model: string | null, by: string | null): Promise<void>
  freeze(isFrozen: boolean, by: string | null): Promise<void>
}

export function chatRotation(deps: RotationDeps): Rotation {
  const { background, clock, config, metrics, providers, random, states } = deps
  const { mode } = config.chat.rotation
  const models = () => providers().filter(({ isModel }) => isModel)
  const modelOf = (name: string) => models().find((model) => model.name === name)
  const contract = () => models().map(({ name }) => name)
  const kept = orderKeeper(deps, contract)
  const learned = memory(deps, kept.adopt)
  /** Sums up with the first score that is asked for: most messages need none. */
  const scores = (): ScoreOf => {
    let figures: ReadonlyMap<string, ModelFigures> | null = null
    return (model) => {
      figures ??= learned.figures()
      return scoreOf(figures.get(model))
    }
  }
  const review = async () => {
    await learned.sync()
    await kept.settle(scores())
  }
  const inOrder = (names: readonly string[]) => [
    ...names.flatMap((name) => modelOf(name) ?? []),
    ...providers().filter(({ isModel }) => !isModel),
  ]

  /** The model that this message is lent to. */
  async function lent(asker: Asker): Promise<string | null> {
    const { pinned, frozen } = kept.record()
    if (pinned || frozen || asker.disableFallbacks) return null
    const mayLead = (name: string) => {
      const model = modelOf(name)
      if (!model?.configured || (model.acts && !asker.mayAct) || (model.usesTokens && asker.tokensSpent)) return false
      return states.read(name).circuit === 'closed'
    }
    const { explorePct } = config.chat.rotation
    const name = explored(kept.record(), scores(), mayLead, { explorePct, fraction: random.fraction })
    const refusal = name === null ? null : await modelOf(name)?.refusal()
    return refusal == null ? name : null
  }

  async function decide(asker: Asker): Promise<ModelChoice> {
    const note = { ...whyOf(kept.record(), contract()), wouldOrder: null }
    if (mode === 'dry-run')
      return { providers: providers(), note: { reason: 'dry_run', why: note.why, wouldOrder: kept.present() } }
    const name = await lent(asker)
    if (name === null) return { providers: inOrder(kept.present()), note }
    const order = [name, ...kept.present().filter((other) => other !== name)]
    const why = `${config.chat.rotation.explorePct} messages in a hundred go to another model first, to learn of it`
    return { providers: inOrder(order), note: { reason: 'explored', why, wouldOrder: null } }
  }

  const requireOn = () => {
    if (mode === 'off')
      throw new GatewayError('feature_disabled', { detail: 'Set VX11_CHAT_ROTATION to on or dry-run.' })
  }

  const rotation: Rotation = {
    ready: learned.ready,
    async decide(asker) {
      const decision = await decide(asker)
      const [first] = decision.providers
      if (first && decision.note) metrics.chatDecided({ model: first.name, reason: decision.note.reason })
      return decision
    },
    current: () => (mode === 'dry-run' ? providers() : inOrder(kept.present())),
    learn(lesson) {
      learned.learn(talliesOf(lesson, (name) => modelOf(name) !== undefined))
      background(review())
    },
    judge(model, { before, now }, atMs) {
      if (!modelOf(model) || !isWithinWindow(atMs, clock.now())) return false
      learned.learn(new Map([[tallyKey(atMs, 'thumbs', model), thumbTally(before, now)]]))
      background(review())
      return true
    },
    read: () => ({ record: kept.record(), order: kept.present(), figures: learned.figures(), scoreOf: scores() }),
    review,
    async pin(model, by) {
      requireOn()
      if (model !== null && !modelOf(model)) throw new GatewayError('chat_model_not_found')
      const pinned = model === null ? null : { model, by, at: clock.now() }
      await kept.change((now) => ({ ...now, pinned }))
    },
    async freeze(isFrozen, by) {
      requireOn()
      await kept.change((now) => ({ ...now, frozen: isFrozen ? { by, at: clock.now() } : null }))
    },
  }
  return mode === 'off' ? { ...rotation, ...switchedOff(providers) } : rotation
}

function whyOf({ pinned, frozen, order, changed }: OrderRecord, contract: readonly string[]) {
  if (pinned) return { reason: 'pinned' as const, why: `pinned by ${pinned.by ?? 'unknown'}` }
  if (frozen) return { reason: 'frozen' as const, why: `frozen by ${frozen.by ?? 'unknown'}` }
  if (order.join() !== contract.join()) return { reason: 'learned' as const, why: changed?.reason ?? 'learned before' }
  return { reason: 'contract' as const, why: "the contract's order: nothing that was learned changed it" }
}

/** The contract's order, and nothing is learned. */
const switchedOff = (
  providers: () => readonly Provider[],
): Pick<Rotation, 'ready' | 'decide' | 'current' | 'learn' | 'judge' | 'review'> => ({
  ready: async () => {},
  current: providers,
  decide: async () => ({ providers: providers(), note: null }),
  learn: () => {},
  judge: () => false,
  review: async () => {},
})
