/** What the gateway asks of each upstream: the canon that a drift audit holds the upstream's own OpenAPI document to. */
import type { UpstreamName } from '../config/config.ts'

export interface ExpectedOperation {
  method: 'GET' | 'POST'
  /** With `{}` for a segment that differs from call to call. */
  path: string
  /** Members of the body, or names in the query, that the gateway may send; null: the caller's own words. */
  sends: readonly string[] | null
  /** Why an upstream may lawfully lack it. */
  optional?: string
}

const get = (path: string, sends: readonly string[] = []): ExpectedOperation => ({ method: 'GET', path, sends })
const post = (path: string, sends: readonly string[] | null): ExpectedOperation => ({ method: 'POST', path, sends })
const newer = (operation: ExpectedOperation) => ({ ...operation, optional: 'only the newer generation has it' })
const ofInee = (operation: ExpectedOperation) => ({ ...operation, optional: 'INEE is off there' })

const plan = ['apply', 'confirm']
const spawn = ['task_type', 'cmd', 'max_retries', 'ttl_seconds', 'trace_id', 'source', 'name', 'metadata']

/** A test holds it to the paths in the code. What only proxied requests reach is the caller's affair. */
export const expectedOperations: Readonly<Record<UpstreamName, readonly ExpectedOperation[]>> = {
  madre: [
    get('/health'),
    get('/madre/power/state'),
    get('/madre/power/status'),
    get('/madre/power/token'),
    get('/madre/power/policy/solo_madre/status'),
    post('/madre/power/policy/solo_madre/apply', []),
    post('/madre/power/service/{}/start', plan),
    post('/madre/power/service/{}/stop', plan),
    post('/madre/power/service/{}/restart', plan),
    post('/madre/power/window/open', ['services', 'ttl_sec', 'mode', 'reason']),
    post('/madre/power/window/close', []),
    post('/madre/chat', ['message', 'session_id', 'context']),
    post('/madre/intent', ['type', 'payload', 'correlation_id', 'source']),
    newer(post('/vx11/intent', null)),
    newer(get('/vx11/result/{}')),
  ],
  switch: [
    get('/health'),
    post('/switch/chat', ['messages', 'metadata']),
    post('/switch/task', ['task_type', 'payload', 'source', 'provider_hint']),
  ],
  hermes: [
    get('/health'),
    get('/hermes/resources'),
    post('/hermes/get-engine', null),
    post('/hermes/execute', null),
    post('/hermes/discover', null),
    newer(post('/hermes/models/pull', null)),
  ],
  hormiguero: [
    get('/health'),
    get('/hormiguero/status'),
    get('/hormiguero/incidents', ['status', 'limit']),
    post('/hormiguero/scan/once', []),
    ofInee(get('/hormiguero/inee/extended/status')),
    ofInee(post('/hormiguero/inee/extended/builder/patchset', null)),
    ofInee(post('/hormiguero/inee/extended/colony/register', null)),
    ofInee(post('/hormiguero/inee/extended/colony/envelope', null)),
  ],
  manifestator: [get('/health')],
  mcp: [get('/health')],
  shub: [get('/health'), get('/ready'), get('/status')],
  spawner: [get('/health'), post('/spawn', spawn)],
  operator: [get('/health'), newer(post('/auth/login', ['username', 'password'])), newer(post('/auth/logout', []))],
}
