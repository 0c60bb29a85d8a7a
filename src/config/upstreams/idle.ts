/** The idle timeout of upstream response bodies, by upstream and operation. */
import * as v from 'valibot'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import type { Environment } from '../environment/environment.ts'
import { IntegerText } from '../values.ts'
import { type PeerName, type UpstreamName, upstreamNames } from './targets.ts'

export interface IdleRule {
  /** Null: any method. */
  method: string | null
  /** A trailing `*` matches any continuation. */
  path: string
  idleMs: number
}

export interface UpstreamIdle {
  /** For `text/event-stream`, unless the operation's own timeout is longer. */
  eventStreamMs: number
  /** Rules for operations come before the rule for their upstream. */
  own: Readonly<Partial<Record<PeerName, readonly IdleRule[]>>>
}

const form =
  'must be a JSON object of seconds from 1 to 86400, whose keys are "shub", "shub /path*" or "shub POST /path"'
const key = /^(\S+)(?:(?: ([A-Z]+))? (\/\S*))?$/

const IdleText = v.pipe(
  v.string(),
  v.rawTransform<string, UpstreamIdle['own']>(({ dataset, addIssue, NEVER }) => {
    const input = parseJson(dataset.value)
    const rules = isObject(input) ? Object.entries(input).map(([text, seconds]) => parseRule(text, seconds)) : [null]
    const own: Partial<Record<UpstreamName, IdleRule[]>> = {}
    for (const each of rules) {
      if (each === null) {
        addIssue({ message: form })
        return NEVER
      }
      own[each.upstream] = [...(own[each.upstream] ?? []), each.rule]
    }
    for (const each of Object.values(own)) each.sort((one, other) => weight(other) - weight(one))
    return own
  }),
)

function parseRule(text: string, seconds: unknown): { upstream: UpstreamName; rule: IdleRule } | null {
  const [, name, method, path] = key.exec(text) ?? []
  const upstream = upstreamNames.find((each) => each === name)
  if (!upstream || typeof seconds !== 'number' || !(seconds >= 1 && seconds <= 86_400)) return null
  return { upstream, rule: { method: method ?? null, path: path ?? '*', idleMs: seconds * 1000 } }
}

/** Sorts longer paths first, then rules with a method. */
const weight = ({ method, path }: IdleRule) => path.length * 2 + (path.endsWith('*') ? 0 : 1) + (method ? 0.5 : 0)

export const readUpstreamIdle = (env: Environment): UpstreamIdle => ({
  eventStreamMs: env.value('VX11_EVENT_STREAM_IDLE_S', IntegerText(1, 86_400)) * 1000,
  own: env.optional('VX11_UPSTREAM_IDLE', IdleText) ?? {},
})
