/** Which cached answers may be served after their time, and for how long (RFC 5861). */
import * as v from 'valibot'
import { isObject } from '../lib/json-object.ts'
import { parseJson } from '../lib/json-text.ts'
import type { Environment } from './environment/environment.ts'

export interface StaleRule {
  /** After its time an answer is served at once while a new one is fetched. */
  whileRevalidateMs: number
  /** After its time an answer is served when there is no new one. */
  ifErrorMs: number
}

const staleViews = ['shub/health', 'shub/ready', 'shub/openapi.json', 'status'] as const
export type StaleView = (typeof staleViews)[number]
export type StaleRules = Readonly<Record<StaleView, StaleRule>>

const never: StaleRule = { whileRevalidateMs: 0, ifErrorMs: 0 }
const neverStale: StaleRules = { 'shub/health': never, 'shub/ready': never, 'shub/openapi.json': never, status: never }

const maxSeconds = 86_400
const form = `must be a JSON object like {"shub/ready": {"while_revalidate": 30, "if_error": 300}}, whose keys are of ${staleViews.join(', ')} and whose values are whole seconds from 0 to ${maxSeconds}`
const noError = 'must not have if_error for status: that something fails is what its views say'

const Seconds = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxSeconds)), 0)
const Rule = v.strictObject({ while_revalidate: Seconds, if_error: Seconds })

const StaleText = v.pipe(
  v.string(),
  v.rawTransform<string, StaleRules>(({ dataset, addIssue, NEVER }) => {
    const rules = parseRules(parseJson(dataset.value))
    const problem = rules === null ? form : rules.status.ifErrorMs > 0 ? noError : null
    if (rules !== null && problem === null) return rules
    addIssue({ message: problem ?? form })
    return NEVER
  }),
)

function parseRules(input: unknown): StaleRules | null {
  if (!isObject(input)) return null
  const rules = { ...neverStale }
  for (const [name, value] of Object.entries(input)) {
    const view = staleViews.find((each) => each === name)
    const rule = v.safeParse(Rule, value)
    if (!view || !rule.success) return null
    const { while_revalidate, if_error } = rule.output
    rules[view] = { whileRevalidateMs: while_revalidate * 1000, ifErrorMs: if_error * 1000 }
  }
  return rules
}

export const readStale = (env: Environment): StaleRules => env.optional('VX11_STALE_ANSWERS', StaleText) ?? neverStale
