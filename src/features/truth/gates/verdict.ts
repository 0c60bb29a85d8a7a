/** The result of a gate. */
import type { Finding } from './schema.ts'

export const passed = (measured: string, findings: string[] = []): Finding => ({
  verdict: 'pass',
  measured,
  findings,
  action: null,
})

export const skippedGate = (measured: string, action: string | null = null): Finding => ({
  verdict: 'skip',
  measured,
  findings: [],
  action,
})

export const failedBecause = (measured: string, action: string, findings: string[] = []): Finding => ({
  verdict: 'fail',
  measured,
  findings,
  action,
})

/** Passes without findings. */
export const byFindings = (
  findings: string[],
  good: string,
  bad: (count: number) => string,
  action: string,
): Finding => (findings.length === 0 ? passed(good) : failedBecause(bad(findings.length), action, findings))
