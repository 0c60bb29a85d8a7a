/** Reports the order of the chat's models, with what was learned of each and why it stands where it does. */
import { isoMoment } from '../../../lib/moment-forms.ts'
import { whyHere } from '../../../modules/chat/rotation/explain.ts'
import type { RotationReading } from '../../../modules/chat/rotation/rotation.ts'
import { windowMs } from '../../../modules/chat/rotation/tally.ts'
import type { Deps } from '../../../ports/index.ts'
import type { ChatService } from '../service.ts'
import type { RotationReport } from './schema.ts'

export type RotationReportDeps = Pick<Deps, 'config'> & { chat: ChatService }

export function describeRotation({ chat, config }: RotationReportDeps, correlationId: string): RotationReport {
  const reading = chat.rotation.read()
  const { order, record } = reading
  const { mode, explorePct } = config.chat.rotation
  const models = chat.providers().filter(({ isModel }) => isModel)
  const isConfigured = (name: string) => models.find((model) => model.name === name)?.configured ?? false
  return {
    ...{ mode, explore_pct: explorePct, window_hours: windowMs / 3_600_000 },
    ...{ order: [...order], contract_order: models.map(({ name }) => name) },
    pinned: record.pinned && { ...record.pinned, at: isoMoment(record.pinned.at) },
    frozen: record.frozen && { ...record.frozen, at: isoMoment(record.frozen.at) },
    changed: record.changed && { ...record.changed, at: isoMoment(record.changed.at) },
    models: order.map((model, index) => ({
      ...{ model, position: index + 1, configured: isConfigured(model) },
      ...describeModel(reading, model),
    })),
    correlation_id: correlationId,
  }
}

function whyThere({ record, figures, scoreOf }: RotationReading, model: string): string {
  if (record.pinned?.model === model) return `pinned by ${record.pinned.by ?? 'unknown'}`
  return figures.has(model) ? whyHere(record, model, scoreOf) : 'not asked in the last hours'
}

function describeModel(reading: RotationReading, model: string) {
  const { record, figures, scoreOf } = reading
  const figure = figures.get(model)
  const score = figure && scoreOf(model)
  return {
    reason: whyThere(reading, model),
    below_floor: record.belowFloor.includes(model),
    ...{ worth: round(score?.value), worth_error: round(score?.error) },
    ...{ success: round(score?.success), quality: round(score?.quality), usefulness: round(score?.usefulness) },
    ...{ asked: figure?.asked ?? 0, answered: figure?.answered ?? 0 },
    ...{ empties: figure?.empties ?? 0, refusals: figure?.refusals ?? 0 },
    ...{ thumbs_up: figure?.thumbsUp ?? 0, thumbs_down: figure?.thumbsDown ?? 0 },
    first_token_ms: round(figure?.firstTokenMs),
    tokens_per_s: round(figure?.tokensPerS),
    cost_usd: figure?.costUsd ?? null,
  }
}

const round = (value: number | null | undefined) => (value == null ? null : Math.round(value * 1000) / 1000)
