/** Decides when a module's health is checked next, and when a run of answers changes its verdict. */

export interface HealthStreak {
  /** Changes after a run of contrary answers; the first answer counts at once. */
  verdict: 'unknown' | 'up' | 'down'
  /** Consecutive answers; one of the two is 0. */
  passes: number
  failures: number
}

export const noStreak: HealthStreak = { verdict: 'unknown', passes: 0, failures: 0 }

const passesToRise = 2
export const failuresToFall = 3

export function addAnswer({ verdict, passes, failures }: HealthStreak, passed: boolean): HealthStreak {
  const next = passed ? { passes: passes + 1, failures: 0 } : { passes: 0, failures: failures + 1 }
  if (verdict === 'unknown') return { verdict: passed ? 'up' : 'down', ...next }
  if (verdict === 'down' && next.passes >= passesToRise) return { verdict: 'up', ...next }
  if (verdict === 'up' && next.failures >= failuresToFall) return { verdict: 'down', ...next }
  return { verdict, ...next }
}

/** Checks more often after the first failures (contract shared/timeouts). ±10 % by `fraction`. */
export function nextCheckMs(failures: number, fraction: number): number {
  return Math.round(intervalMs(failures) * (0.9 + 0.2 * fraction))
}

function intervalMs(failures: number): number {
  if (failures === 0 || failures > 5) return 5000
  return failures <= 2 ? 1000 : 2000
}
