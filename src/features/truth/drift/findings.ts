/** What an area gives, and how it gathers it. */
import type { Drift, DriftArea, DriftSeverity, Unasked } from './schema.ts'

export interface AreaFindings {
  checked: number
  drifts: Drift[]
  unknown: Unasked[]
}

/** The gateway itself, under VX11's name for it. */
export const ownModule = 'tentaculo_link'

const maxText = 300

/** Foreign text as one bounded line. */
const line = (text: string): string =>
  [...text.toWellFormed().replaceAll(/[\p{Cc}\s]+/gu, ' ')].slice(0, maxText).join('')

export function gathering(area: DriftArea) {
  const findings: AreaFindings = { checked: 0, drifts: [], unknown: [] }
  return {
    findings,
    checked(): void {
      findings.checked++
    },
    drift(severity: DriftSeverity, module: string, subject: string, expected: string, actual: string): void {
      const words = { subject: line(subject), expected: line(expected), actual: line(actual) }
      findings.drifts.push({ area, module: line(module), ...words, severity })
    },
    unknown: (module: string, reason: string): void =>
      void findings.unknown.push({ area, module: line(module), reason: line(reason) }),
  }
}

const maxNamed = 12

/** The first names of a list that may be long. */
export const listed = (names: readonly string[]): string =>
  names.length <= maxNamed
    ? names.join(', ')
    : `${names.slice(0, maxNamed).join(', ')} and ${names.length - maxNamed} more`
