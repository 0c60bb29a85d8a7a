/** What the DeepSeek R1 assist routes take and give (contract P19, P20). */
import * as v from 'valibot'

export const purposes = ['plan', 'patch', 'review', 'risk_assessment'] as const
export type AssistPurpose = (typeof purposes)[number]

export const maxTokens = 2000
export const callsPerHour = 10

/** `purpose` is checked later: a wrong one is 400 and not 422, as in v7. */
export const AssistRequest = v.object({
  prompt: v.pipe(v.string(), v.regex(/\S/, 'Expected a prompt'), v.maxLength(200_000)),
  purpose: v.optional(v.string(), 'plan'),
  temperature: v.optional(
    v.pipe(
      v.number(),
      v.transform((value) => Math.min(2, Math.max(0, value))),
    ),
    1,
  ),
  max_tokens: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
  session_id: v.nullish(v.string()),
})
export type AssistRequest = v.InferOutput<typeof AssistRequest>

export const AssistAnswer = v.object({
  status: v.literal('ok'),
  request_id: v.string(),
  purpose: v.picklist(purposes),
  model: v.string(),
  reasoning_content: v.nullable(v.string()),
  response: v.string(),
  /** Null where the provider does not report it. */
  tokens_used: v.nullable(v.number()),
  reasoning_tokens: v.nullable(v.number()),
  elapsed_ms: v.number(),
  correlation_id: v.string(),
})
export type AssistAnswer = v.InferOutput<typeof AssistAnswer>

export const AssistStatus = v.object({
  status: v.picklist(['enabled', 'disabled']),
  configured: v.boolean(),
  codev_enabled: v.boolean(),
  rate_limit_per_hour: v.number(),
  /** The caller's current allowance; null when the limit store does not answer. */
  calls_left: v.nullable(v.number()),
  max_tokens: v.number(),
  model: v.string(),
  purpose_options: v.array(v.string()),
})
export type AssistStatus = v.InferOutput<typeof AssistStatus>
