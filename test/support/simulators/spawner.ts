/** A simulated spawner: it takes what it is given and runs nothing (docs/contract/upstreams/spawner.md). */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { json, refuse } from './answers.ts'
import { Dict } from './body.ts'
import { get, post } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

const Spawn = v.object({
  name: v.nullish(v.string()),
  cmd: v.nullish(v.string()),
  ttl_seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 300),
  trace_id: v.nullish(v.string()),
  source: v.optional(v.string(), 'switch'),
  metadata: v.nullish(Dict),
})

export function startSpawner(options: ListenOptions = {}): Promise<Simulator> {
  let daughters = 0
  const routes = [
    get('/health', () => json({ status: 'ok', module: 'spawner' })),
    post('/spawn', async (exchange) => {
      const { name, cmd = null, ttl_seconds, trace_id = null } = await exchange.body(Spawn)
      if (!name && !cmd) throw refuse(400, 'name_or_cmd_required')
      const spawn_uuid = randomUUID()
      const id = ++daughters
      return json({
        ...{ status: 'accepted', spawn_uuid, daughter_id: id, daughter_task_id: id, attempt_id: id },
        ...{ name: name ?? `spawn-${spawn_uuid.slice(0, 8)}`, cmd, ttl_seconds, mutation_level: 0, trace_id },
      })
    }),
  ]
  return startSimulator({ title: 'spawner', routes }, options)
}
