/** Names what a run of health answers means under the power policy: an outage, or a stop that the policy wants. */
import { failuresToFall, type HealthStreak } from './health-schedule.ts'

/** `stopped`: it does not answer, and no power window lists it. */
export type HealthWord = HealthStreak['verdict'] | 'stopped'

export interface JudgedHealth {
  word: HealthWord
  /** Consecutive failures of a stopped module since the policy lets it run. */
  overdue: number
}

export const unjudged: JudgedHealth = { word: 'unknown', overdue: 0 }

/** A stopped module that a window lists now gets as many failures to start as a running one gets to fall. */
export function judge(before: JudgedHealth, verdict: HealthStreak['verdict'], shouldRun: boolean): JudgedHealth {
  if (verdict !== 'down') return { word: verdict, overdue: 0 }
  if (before.word === 'down') return before
  if (!shouldRun) return { word: 'stopped', overdue: 0 }
  if (before.word !== 'stopped') return { word: 'down', overdue: 0 }
  const overdue = before.overdue + 1
  return overdue < failuresToFall ? { word: 'stopped', overdue } : { word: 'down', overdue: 0 }
}
