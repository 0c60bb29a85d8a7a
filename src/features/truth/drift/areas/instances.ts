/** Compares this instance's configuration and version with those of the others that share its database. */
import * as v from 'valibot'
import { configVariables, secretVariables } from '../../../../config/config.ts'
import { type ConfigTexts, configurationHash, ofOneInstance } from '../../../../config/reload.ts'
import type { VariableName } from '../../../../config/variables.ts'
import { buildName } from '../../../../lib/build.ts'
import { isoMoment } from '../../../../lib/moment-forms.ts'
import { type AreaFindings, gathering } from '../findings.ts'

/** What an instance tells the others, under a key of its own. */
export const InstanceRecord = v.object({
  instance: v.string(),
  /** Epoch milliseconds. */
  at: v.number(),
  build: v.string(),
  /** What is set, without secrets. */
  values: v.record(v.string(), v.string()),
  /** Short, and of all secrets together, so that none can be guessed by it. */
  secrets: v.string(),
})
export type InstanceRecord = v.InferOutput<typeof InstanceRecord>

export const instancePrefix = 'gateway:instance:'
/** Told this often, and believed for a little longer than twice that. */
export const toldEveryMs = 300_000
const believedMs = 2 * toldEveryMs + 60_000

export function ownRecord(instance: string, at: number, texts: ConfigTexts): InstanceRecord {
  const shared = [...texts].filter(([name]) => !ofOneInstance.has(name))
  const isSecret = ([name]: readonly [VariableName, string]) => secretVariables.has(name)
  const values = Object.fromEntries(shared.filter((each) => !isSecret(each)))
  return { instance, at, build: buildName(), values, secrets: configurationHash(new Map(shared.filter(isSecret))) }
}

export function auditInstances(own: InstanceRecord, told: readonly InstanceRecord[]): AreaFindings {
  const { findings, checked, drift } = gathering('instances')
  const others = told.filter(({ instance, at }) => instance !== own.instance && Math.abs(own.at - at) < believedMs)
  for (const other of others) {
    checked()
    const { instance } = other
    if (other.build !== own.build) drift('low', instance, 'version', own.build, other.build)
    for (const { name, fallback } of configVariables) {
      const [mine, its] = [own.values[name], other.values[name]]
      const word = (value: string | undefined) => value ?? (fallback === null ? 'unset' : `unset (${fallback})`)
      if ((mine ?? fallback) !== (its ?? fallback)) drift('medium', instance, name, word(mine), word(its))
    }
    if (other.secrets !== own.secrets)
      drift('medium', instance, 'secrets', 'those of this instance', `others, as of ${isoMoment(other.at)}`)
  }
  return findings
}
