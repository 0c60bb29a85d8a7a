/** The report for people, in the form that VX11's own tools read back (contract others/truth-probe). */

import type { ServiceVerdict } from '../../modules/health-history/health-history.ts'
import type { ProbeResult, TruthRound } from '../../modules/health-history/truth-record.ts'

export const reportName = 'VX11_RUNTIME_TRUTH_REPORT.md'

/** VX11's own readers search the report for the first two. */
export const marks: Readonly<Record<ServiceVerdict, string>> = {
  OK: '✓',
  BROKEN: '✗',
  OFF_BY_POLICY: '○',
  UNKNOWN: '?',
}

export function describeRound({ at, services }: TruthRound): string {
  const count = (verdict: ServiceVerdict) =>
    `${services.filter(({ status }) => status === verdict).length}/${services.length}`
  return `# VX11 Runtime Truth Report

**Generated:** ${new Date(at).toISOString()}

| Service | Port | Status | HTTP Code | Latency (ms) | Endpoint | Snippet |
|---|---|---|---|---|---|---|
${services.map(tableRow).join('\n')}

## Summary

- **OK:** ${count('OK')}
- **BROKEN:** ${count('BROKEN')}
- **OFF_BY_POLICY:** ${count('OFF_BY_POLICY')}
- **UNKNOWN:** ${count('UNKNOWN')}

## Details

\`\`\`json
${JSON.stringify(services, null, 2)}
\`\`\`
`
}

const shownSnippet = 30

function tableRow({ service, port, status, http_code, latency_ms, endpoint_ok, snippet }: ProbeResult): string {
  const latency = latency_ms === null ? null : Math.round(latency_ms)
  const cells = [service, port, `${marks[status]} ${status}`, http_code, latency, endpoint_ok, shortened(snippet)]
  return `| ${cells.map((cell) => cell ?? '—').join(' | ')} |`
}

/** A service's words must not end a cell, nor begin markup. */
function shortened(snippet: string | null): string | null {
  if (snippet === null) return null
  const characters = [...snippet]
  const start = characters
    .slice(0, shownSnippet)
    .join('')
    .replace(/[\\|`*_<>[\]]/g, '\\$&')
  return characters.length > shownSnippet ? `${start}...` : start
}
