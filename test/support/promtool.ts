/** Prometheus's own tool over the gateway's metrics and rules; in CI its absence fails. */
import { spawnSync } from 'node:child_process'

export const hasPromtool = !spawnSync('promtool', ['--version']).error
if (!hasPromtool) {
  if (process.env.CI) throw new Error('promtool is missing: apt-get install prometheus')
  process.stderr.write('\n!! SKIPPED: no promtool here; metrics are not linted (apt-get install prometheus)\n\n')
}

/** The complaints, a line each; empty when it has none. */
export function complaintsAbout(metrics: string): string[] {
  const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' })
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '')
}
