/** Names the switches that are not at their defaults. Each is somebody's choice, so none of them is grave. */
import { configVariables } from '../../../../config/config.ts'
import type { ConfigTexts } from '../../../../config/reload.ts'
import { readBoolean } from '../../../../config/values.ts'
import { type AreaFindings, gathering, ownModule } from '../findings.ts'

const flags = configVariables.filter(({ fallback }) => fallback === 'true' || fallback === 'false')

export function auditFlags(texts: ConfigTexts): AreaFindings {
  const { findings, checked, drift } = gathering('flags')
  for (const { name, fallback } of flags) {
    checked()
    const value = String(readBoolean(texts.get(name) ?? `${fallback}`))
    if (value !== fallback) drift('low', ownModule, name, `${fallback}`, value)
  }
  return findings
}
