/** The audit for people, as Markdown. */
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { DriftRecord, DriftReport } from './schema.ts'

export const driftReportName = 'VX11_DRIFT_REPORT.md'

export function describeDrift({ at, trigger, version, areas, drifts, left_out, unknown }: DriftRecord): string {
  const rest = left_out > 0 ? `\n${left_out} more are not listed.\n` : ''
  return `# VX11 Drift Report

**Generated:** ${isoMoment(at)} (${trigger}) by Tentáculo Link ${cell(version)}

| Area | Verdict | Checked | Drifts | Unknown |
|---|---|---|---|---|
${areas.map((each) => `| ${each.area} | ${each.verdict} | ${each.checked} | ${each.drifts} | ${each.unknown} |`).join('\n')}

## Drifts (${drifts.length + left_out})

${drifts.length === 0 ? 'None.' : driftTable(drifts)}
${rest}
## Unknown (${unknown.length})

${unknown.length === 0 ? 'Everything could be asked.' : unknownTable(unknown)}
`
}

const driftTable = (drifts: DriftReport['drifts']) =>
  `| Severity | Area | Where | What | Canon | Actual | Since |
|---|---|---|---|---|---|---|
${drifts.map(driftRow).join('\n')}`

const driftRow = ({
  severity,
  area,
  module,
  subject,
  expected,
  actual,
  since,
  current,
}: DriftReport['drifts'][number]) =>
  `| ${[severity, area, module, subject, expected, actual, since].map(cell).join(' | ')}${current ? '' : ' (not asked this time)'} |`

const unknownTable = (unknown: DriftReport['unknown']) =>
  `| Area | Where | Why |
|---|---|---|
${unknown.map(({ area, module, reason }) => `| ${[area, module, reason].map(cell).join(' | ')} |`).join('\n')}`

/** A service's words must not end a cell, nor begin markup. */
const cell = (text: string) => text.replace(/[\\|`*_<>[\]]/g, '\\$&')
