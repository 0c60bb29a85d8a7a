/** What the status and a reload tell of the running configuration. */
import * as v from 'valibot'
import { isoMoment } from '../../lib/moment-forms.ts'
import type { ConfigurationState } from '../../ports/index.ts'

const Moment = v.string()

export const ConfigurationView = v.object({
  /** Equal for equal configurations, wherever an instance listens. */
  hash: v.string(),
  loaded_at: Moment,
  last_reload: v.nullable(
    v.object({
      at: Moment,
      /** `refused`: it was not valid, and the one before stays in force. */
      outcome: v.picklist(['applied', 'unchanged', 'refused']),
      /** What is wrong, without a value; null unless it was refused. */
      problem: v.nullable(v.string()),
    }),
  ),
})
export type ConfigurationView = v.InferOutput<typeof ConfigurationView>

export const describeConfiguration = ({ hash, loadedAt, lastReload }: ConfigurationState): ConfigurationView => ({
  hash,
  loaded_at: isoMoment(loadedAt),
  last_reload: lastReload && { ...lastReload, at: isoMoment(lastReload.at) },
})
