/** Which requests are administrative acts: one table for what is recorded; a test holds every changing route to it. */
import type { ActName } from '../../modules/audit/act.ts'

export interface NamedAct {
  act: ActName
  /** As far as the path names it. */
  target: string | null
}

const windows = ['/operator/api/window', '/operator/api/chat/window', '/operator/power/window', '/madre/power/window']

/** By method and path. */
const exact: ReadonlyMap<string, ActName> = new Map<string, ActName>([
  ...windows.flatMap((path): [string, ActName][] => [
    [`POST ${path}/open`, 'window.open'],
    [`POST ${path}/extend`, 'window.extend'],
    [`POST ${path}/close`, 'window.close'],
  ]),
  ['POST /vx11/window/open', 'window.open'],
  ['POST /vx11/window/close', 'window.close'],
  ['GET /operator/power/token', 'power.token'],
  ['GET /madre/power/token', 'power.token'],
  ['POST /operator/power/policy/solo_madre/apply', 'power.apply_solo_madre'],
  ['POST /madre/power/policy/solo_madre/apply', 'power.apply_solo_madre'],
  ['POST /operator/api/maintenance', 'maintenance.start'],
  ['POST /madre/maintenance/post_task', 'maintenance.start'],
  ['PUT /operator/api/chat/rotation/pin', 'chat.pin'],
  ['DELETE /operator/api/chat/rotation/pin', 'chat.unpin'],
  ['PUT /operator/api/chat/rotation/freeze', 'chat.freeze'],
  ['DELETE /operator/api/chat/rotation/freeze', 'chat.unfreeze'],
  ['POST /vx11/spawn', 'spawn.submit'],
  ['POST /operator/api/spawner/submit', 'spawn.submit'],
  ['POST /vx11/intent', 'intent.submit'],
  ['POST /madre/intent', 'intent.submit'],
  ['POST /madre/vx11/intent', 'intent.submit'],
  ['POST /operator/task', 'task.submit'],
  ['POST /operator/api/settings', 'settings.write'],
  ['POST /shub/cache/clear', 'cache.clear'],
  ['POST /operator/api/keys', 'key.create'],
  ['POST /operator/api/config/reload', 'config.reload'],
  ['POST /operator/api/drift', 'drift.audit'],
  ['POST /vx11/hermes/discover', 'hermes.discover'],
  ['POST /vx11/hermes/models/pull', 'hermes.pull_model'],
  ['POST /hermes/execute', 'hermes.execute'],
  ['POST /operator/api/hormiguero/scan/once', 'hormiguero.scan'],
  ['POST /operator/inee/builder/patchset', 'inee.patchset'],
  ['POST /operator/inee/colony/register', 'inee.register_colony'],
  ['POST /operator/inee/colony/envelope', 'inee.seal_envelope'],
])

const serviceActs = {
  start: 'power.start_service',
  stop: 'power.stop_service',
  restart: 'power.restart_service',
} as const satisfies Record<string, ActName>

/** Those with a target in the path. */
const targeted: readonly (readonly [RegExp, (last: string) => ActName])[] = [
  [
    /^POST \/(?:operator|madre)\/power\/service\/([^/]+)\/(start|stop|restart)$/,
    (verb) => serviceActs[verb as keyof typeof serviceActs],
  ],
  [/^DELETE \/operator\/api\/settings\/([^/]+)$/, () => 'settings.remove'],
  [/^PATCH \/operator\/api\/keys\/([^/]+)$/, () => 'key.update'],
  [/^DELETE \/operator\/api\/keys\/([^/]+)$/, () => 'key.revoke'],
  [/^POST \/operator\/api\/keys\/([^/]+)\/reroll$/, () => 'key.reroll'],
  [/^POST \/operator\/api\/webhooks\/([^/]+)\/test$/, () => 'webhook.test'],
]

/** Whatever else changes madre's power. */
const otherPower = /^(?:POST|PUT|PATCH|DELETE) (\/madre\/power\/.+)$/

/** Undefined for every other request; `path` is the decoded path that the router matched. */
export function namedAct(method: string, path: string): NamedAct | undefined {
  if (method === 'GET' ? !path.endsWith('/power/token') : method === 'HEAD' || method === 'OPTIONS') return undefined
  const request = `${method} ${path}`
  const act = exact.get(request)
  if (act) return { act, target: null }
  for (const [pattern, name] of targeted) {
    const [, target, last = ''] = pattern.exec(request) ?? []
    if (target !== undefined) return { act: name(last), target }
  }
  const other = otherPower.exec(request)?.[1]
  return other === undefined ? undefined : { act: 'power.other', target: other }
}
