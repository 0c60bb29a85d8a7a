/** What the route of forecasts gives. */
import * as v from 'valibot'
import { resourceNames } from '../../modules/forecast/resources.ts'

export const ForecastReport = v.object({
  /** Of this instance; null before the first measurement. */
  measured_at: v.nullable(v.string()),
  instance: v.string(),
  forecasts: v.array(
    v.object({
      name: v.picklist(resourceNames),
      unit: v.string(),
      used: v.nullable(v.number()),
      limit: v.nullable(v.number()),
      /** Growth an hour. */
      per_hour: v.nullable(v.number()),
      /** When it is used up, if it goes on like this; null with a reason. */
      at: v.nullable(v.string()),
      reason: v.nullable(
        v.picklist([
          ...(['not_measured_yet', 'not_measured_here', 'unreadable', 'no_limit'] as const),
          ...(['too_few_samples', 'not_shrinking', 'resets_before'] as const),
        ]),
      ),
      /** Whether it was announced and is not over. */
      raised: v.boolean(),
      /** What is nearer than this is announced. */
      horizon_s: v.number(),
      /** Of the tokens: whose are used up first. */
      principal: v.nullable(v.string()),
    }),
  ),
  correlation_id: v.string(),
})
export type ForecastReport = v.InferOutput<typeof ForecastReport>
