/** Current and last use of each service: requests, streamed bodies and WebSockets. */
import * as v from 'valibot'
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import type { Deps, UpstreamActivity } from '../../ports/index.ts'

export type ActivityDeps = Pick<Deps, 'clock' | 'config' | 'upstreamStates' | 'webSockets'>

export interface ServiceUse extends UpstreamActivity {
  sockets: number
}

/** By compose name, for running services that a window may hold and that the gateway reaches. Counted on demand. */
export function readUse(deps: ActivityDeps, activeServices: readonly string[]): Map<string, ServiceUse> {
  const { clock, config, upstreamStates, webSockets } = deps
  const states = upstreamStates()
  const use = new Map<string, ServiceUse>()
  for (const name of upstreamNames) {
    const { service } = vx11Services[name]
    const activity = states[name]?.activity
    if (!activity || !activeServices.includes(service) || !config.windowServices.includes(service)) continue
    const open = socketsTo(webSockets, name)
    const endedAt = webSockets.lastEndedAt?.[name] ?? null
    const lastAt = open > 0 ? clock.now() : later(activity.lastAt, endedAt)
    use.set(service, { ...activity, sockets: open, lastAt })
  }
  return use
}

const socketsTo = ({ open }: Pick<Deps['webSockets'], 'open'>, name: UpstreamName): number =>
  [...open].filter(({ leadsTo }) => leadsTo === name).length

/** Open WebSockets by upstream. */
export const openSockets = ({
  webSockets,
  webSocketUpstreams,
}: Pick<Deps, 'webSockets' | 'webSocketUpstreams'>): Partial<Record<UpstreamName, number>> =>
  Object.fromEntries(
    upstreamNames.filter((name) => webSocketUpstreams[name]).map((name) => [name, socketsTo(webSockets, name)]),
  )

/** Null before the first use. */
export const lastUse = (use: ReadonlyMap<string, ServiceUse>): number | null =>
  [...use.values()].reduce<number | null>((last, { lastAt }) => later(last, lastAt), null)

const later = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

/** The form used in answers. */
export const Activity = v.object({
  /** Under way, streamed bodies among them. */
  requests: v.number(),
  /** Null on workerd, where a body passes unseen. */
  streams: v.nullable(v.number()),
  sockets: v.number(),
  last_activity: v.nullable(v.string()),
})
export type Activity = v.InferOutput<typeof Activity>

export const describeUse = (deps: ActivityDeps, activeServices: readonly string[]): Record<string, Activity> =>
  Object.fromEntries(
    [...readUse(deps, activeServices)].map(([service, { requests, streams, sockets, lastAt }]) => {
      const last_activity = lastAt === null ? null : isoMoment(lastAt)
      return [service, { requests, streams, sockets, last_activity }] as const
    }),
  )
