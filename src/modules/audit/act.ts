/** One administrative act: who did what to what, from where, and what came of it. Never a secret. */

import type { NewEvent, StateChange } from '../../ports/index.ts'
import { ownEvent } from '../events/store/announcer.ts'

export const actNames = [
  'cache.clear',
  'chat.freeze',
  'chat.pin',
  'chat.unfreeze',
  'chat.unpin',
  'config.reload',
  'drift.audit',
  'hermes.discover',
  'hermes.pull_model',
  'hermes.execute',
  'hormiguero.scan',
  'inee.patchset',
  'inee.register_colony',
  'inee.seal_envelope',
  'intent.submit',
  'key.create',
  'key.update',
  'key.reroll',
  'key.revoke',
  'maintenance.start',
  'power.apply_solo_madre',
  'power.other',
  'power.restart_service',
  'power.start_service',
  'power.stop_service',
  'power.token',
  'settings.remove',
  'settings.write',
  'spawn.submit',
  'task.submit',
  'webhook.test',
  'window.close',
  'window.extend',
  'window.open',
  'window.wake',
] as const
export type ActName = (typeof actNames)[number]

/** Those that are one transaction with the change: before it there is nothing to write down. */
export const storedWithTheirChange: ReadonlySet<ActName> = new Set<ActName>([
  'key.create',
  'key.update',
  'key.reroll',
  'key.revoke',
  'settings.remove',
  'settings.write',
])

/**
 * `refused`: by a guard, a policy or a check, so nothing was changed. `failed`: it was tried. `attempted`: it began, and
 * its end was not recorded yet, or never will be.
 */
export const outcomes = ['attempted', 'done', 'refused', 'failed'] as const
export type ActOutcome = (typeof outcomes)[number]

/** Who acts. */
export interface Actor {
  /** Null for a caller that is not known. */
  principal: string | null
  /** The name of its key, if it has one. */
  keyName: string | null
  address: string
  correlationId: string
}

export interface Act {
  act: ActName
  /** Such as the services of a window, or the id of a key. */
  target: string | null
  outcome: ActOutcome
  /** The error code of a refusal or failure. */
  error: string | null
  before: unknown
  after: unknown
  /** Further acts alike that were left out. */
  repeated?: number
}

export const auditComponent = 'gateway_audit'

/** The line and the event of an act, to be stored together, and with the change where it is the gateway's own. */
export function auditOf(act: Act, actor: Actor): { line: NonNullable<StateChange['lines']>[number]; event: NewEvent } {
  const payload = {
    act: act.act,
    target: shortened(act.target, maxTarget),
    outcome: act.outcome,
    error: act.error,
    principal: actor.principal,
    key_name: actor.keyName,
    address: actor.address,
    before: bounded(act.before),
    after: bounded(act.after),
    ...(act.repeated !== undefined && { repeated: act.repeated }),
  }
  const level = act.outcome === 'done' || act.outcome === 'attempted' ? 'INFO' : 'WARN'
  const message = JSON.stringify({ ...payload, correlation_id: actor.correlationId })
  return { line: { component: auditComponent, level, message }, event: auditEvent(payload, actor) }
}

const auditEvent = (payload: Pick<Act, 'act' | 'target' | 'outcome' | 'error'>, actor: Actor) => {
  const { act, target, outcome, error } = payload
  const came = error === null ? outcome : `${outcome} (${error})`
  return ownEvent({
    type: 'gateway.audit',
    severity: outcome === 'done' ? 'info' : 'warn',
    summary: shortened(`${actor.keyName ?? actor.principal ?? 'unknown caller'}: ${act} ${target ?? ''}: ${came}`, 240),
    correlationId: actor.correlationId,
    payload: { ...payload },
  })
}

const maxTarget = 200
const maxStateLength = 4096

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern removes them
const control = /[\x00-\x1f\x7f]+/g

function shortened(text: string, length: number): string
function shortened(text: string | null, length: number): string | null
function shortened(text: string | null, length: number): string | null {
  return text === null ? null : text.slice(0, length).toWellFormed().replaceAll(control, ' ').trim()
}

/** What does not fit is left out and says so. */
function bounded(state: unknown): unknown {
  const { length } = JSON.stringify(state ?? null)
  return length <= maxStateLength ? (state ?? null) : { omitted_characters: length }
}
