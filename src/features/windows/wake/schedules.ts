/** Opens windows by the clock: one instance takes each turn, and one that could not be taken is tried for ten minutes. */
import type { WindowSchedule } from '../../../config/wake.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { cronTimes } from '../../../lib/cron.ts'
import { isoMoment, isoMomentOrNull } from '../../../lib/moment-forms.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import type { Actor } from '../../../modules/audit/act.ts'
import { openOrJoin } from './opening.ts'
import type { ScheduleState, TurnRecord } from './schema.ts'
import type { WakeDeps } from './wake.ts'
import { writtenDown } from './written-down.ts'

/** A gateway that was away for longer leaves the turn out: what it was for is over. */
const graceMs = 600_000

export function windowSchedules(deps: WakeDeps) {
  const { clock, config, log, store } = deps
  const holder = deps.random.uuid()
  const schedules = config.wake.schedules.flatMap((schedule) => {
    const times = cronTimes(schedule.cron, schedule.timezone)
    return times ? [{ schedule, times }] : []
  })
  const names = schedules.map(({ schedule }) => schedule.name)

  async function takeTurn(schedule: WindowSchedule, dueAt: number, last: TurnRecord | undefined): Promise<void> {
    if (last && last.dueAt >= dueAt && last.outcome !== 'failed') return
    if (!(await store.takeTurn(schedule.name, holder, clock.now()))) return
    const actor = actorOf(deps, schedule)
    const attempt = writtenDown(deps, schedule.services.join(', '), actor)
    try {
      const record = await openByClock(deps, schedule, dueAt, actor, attempt.begin)
      await store.writeTurn(schedule.name, record, clock.now())
      if (record.outcome === 'opened' || last?.dueAt !== dueAt) tell(deps, schedule, record, actor, attempt.end())
    } finally {
      attempt.drop()
    }
  }

  return {
    /** The minute's work. Never rejects. */
    async keep(): Promise<void> {
      const now = clock.now()
      const due = schedules.flatMap(({ schedule, times }) => {
        const dueAt = times.lastWithin(now, graceMs)
        return dueAt === null ? [] : [{ schedule, dueAt }]
      })
      if (due.length === 0 || !config.controlEnabled) return
      try {
        const turns = await store.readTurns(due.map(({ schedule }) => schedule.name))
        // One after the other: one window is open at a time.
        for (const { schedule, dueAt } of due) await takeTurn(schedule, dueAt, turns.get(schedule.name))
      } catch (error) {
        log.warn('schedule_not_kept', { reason: rootReason(error) })
      }
    },

    /** Never rejects. */
    async describe(): Promise<ScheduleState[]> {
      if (names.length === 0) return []
      const turns = await store.readTurns(names).catch(() => new Map<string, TurnRecord>())
      return schedules.map(({ schedule: { ttlS, services, ...schedule }, times }) => ({
        ...schedule,
        services: [...services],
        ttl_seconds: ttlS,
        next_at: isoMomentOrNull(times.after(clock.now())),
        last: describeTurn(turns.get(schedule.name)),
      }))
    },
  }
}

const describeTurn = (turn: TurnRecord | undefined): ScheduleState['last'] =>
  turn ? { due_at: isoMoment(turn.dueAt), outcome: turn.outcome, window_id: turn.windowId, reason: turn.reason } : null

type ScheduleActor = Actor & { principal: string }

const actorOf = ({ random }: WakeDeps, { name }: WindowSchedule): ScheduleActor => ({
  ...{ principal: `schedule:${name}`, keyName: null, address: 'local', correlationId: random.uuid() },
})

async function openByClock(
  deps: WakeDeps,
  { name, services, ttlS }: WindowSchedule,
  dueAt: number,
  { correlationId, principal }: ScheduleActor,
  begin: () => Promise<void>,
): Promise<TurnRecord> {
  const caller = { correlationId, principal }
  try {
    const opened = await openOrJoin(deps, { services, ttlS, idle: null, by: 'schedule', name, caller, begin })
    return { dueAt, ...opened, reason: null }
  } catch (error) {
    const reason = error instanceof GatewayError ? error.code : 'internal_error'
    deps.log.warn('schedule_failed', { reason: `${name}: ${reason}` })
    return { dueAt, outcome: 'failed', windowId: null, reason }
  }
}

function tell(
  { announce, metrics, recordAct, background }: WakeDeps,
  schedule: WindowSchedule,
  turn: TurnRecord,
  actor: ScheduleActor,
  attempt: number | null,
) {
  const { name, services } = schedule
  const { outcome, windowId, reason, dueAt } = turn
  metrics.wakeEnded(`schedule_${outcome}`)
  const payload = {
    window_id: windowId,
    services: [...services],
    by: 'schedule',
    name,
    due_at: isoMoment(dueAt),
    reason,
  }
  const list = services.join(', ')
  if (outcome === 'failed') {
    const summary = `The schedule ${name} could not open a window for ${list}: ${reason}`
    announce({ type: 'gateway.window.not_woken', severity: 'warn', module: 'madre', summary, payload })
  } else if (outcome === 'opened') {
    const summary = `The schedule ${name} woke ${list}`
    announce({ type: 'gateway.window.woken', severity: 'info', module: 'madre', summary, payload })
  }
  const act = { act: 'window.wake', target: list, before: null, after: payload } as const
  const ended = { ...act, outcome: outcome === 'failed' ? 'failed' : 'done', error: reason } as const
  const recorded = recordAct(ended, actor, name, attempt)
  if (recorded) background(recorded)
}
