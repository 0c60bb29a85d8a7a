/** One audit: six areas, each by itself, so that one that cannot be asked hides none of the others. */
import type { Config } from '../../../config/config.ts'
import type { ConfigTexts } from '../../../config/reload.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import type { Deps } from '../../../ports/index.ts'
import type { TruthProbeDeps } from '../probe.ts'
import type { RuntimeTruth } from '../service.ts'
import { auditContracts } from './areas/contracts.ts'
import { auditDatabase } from './areas/database.ts'
import { auditFlags } from './areas/flags.ts'
import { auditInstances, type InstanceRecord } from './areas/instances.ts'
import { auditPromises } from './areas/promises.ts'
import { auditServices } from './areas/services.ts'
import { type AreaFindings, ownModule } from './findings.ts'
import { type AreaResult, type Drift, type DriftArea, driftAreas, type Unasked } from './schema.ts'

export interface DriftAuditDeps extends TruthProbeDeps, Pick<Deps, 'database' | 'log'> {
  config: Config
  truth: Pick<RuntimeTruth, 'read'>
  /** Of the running configuration. */
  configTexts: () => ConfigTexts
}

export interface Audited {
  areas: AreaResult[]
  drifts: Drift[]
  unknown: Unasked[]
}

interface Instances {
  own: InstanceRecord
  told: () => Promise<readonly InstanceRecord[]>
}

/** Never rejects. */
export async function auditAll(deps: DriftAuditDeps, { own, told }: Instances): Promise<Audited> {
  const audits: Record<DriftArea, () => AreaFindings | Promise<AreaFindings>> = {
    routes: () => auditPromises(deps.ask),
    services: async () => auditServices(deps.config, (await deps.truth.read()).round.services),
    database: () => auditDatabase(deps.database),
    flags: () => auditFlags(deps.configTexts()),
    contracts: () => auditContracts(deps),
    instances: async () => auditInstances(own, await told()),
  }
  const found = await Promise.all(
    driftAreas.map(async (area) => ({ area, ...(await findingsOf(deps, area, audits[area])) })),
  )
  return {
    areas: found.map(resultOf),
    drifts: found.flatMap(({ drifts }) => drifts),
    unknown: found.flatMap(({ unknown }) => unknown),
  }
}

async function findingsOf(
  { log }: DriftAuditDeps,
  area: DriftArea,
  audit: () => AreaFindings | Promise<AreaFindings>,
): Promise<AreaFindings> {
  try {
    return await audit()
  } catch (error) {
    log.warn('drift_not_audited', { reason: `${area}: ${rootReason(error)}` })
    const reason =
      error instanceof GatewayError ? error.code : needsDatabase.has(area) ? 'database_unavailable' : 'failed'
    return { checked: 0, drifts: [], unknown: [{ area, module: ownModule, reason }] }
  }
}

const needsDatabase: ReadonlySet<DriftArea> = new Set(['database', 'instances'])

const resultOf = ({ area, checked, drifts, unknown }: AreaFindings & { area: DriftArea }): AreaResult => ({
  area,
  verdict: drifts.length > 0 ? 'drift' : unknown.length > 0 ? 'unknown' : 'ok',
  checked,
  drifts: drifts.length,
  unknown: unknown.length,
})
