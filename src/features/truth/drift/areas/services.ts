/** Holds the ten services to VX11's ports and health paths, from the last round of probes. */
import type { Config } from '../../../../config/config.ts'
import { vx11Services } from '../../../../config/vx11.ts'
import type { ProbeResult } from '../../../../modules/health-history/truth-record.ts'
import { addressOf, type ProbedService, probedServices } from '../../services.ts'
import { type AreaFindings, gathering } from '../findings.ts'

const ownPort = 8000
const healthPath = '/health'

/** `results` of this round: a service that is asleep or away was not asked for its path, but its address is known. */
export function auditServices(config: Config, results: readonly ProbeResult[]): AreaFindings {
  const { findings, checked, drift, unknown } = gathering('services')
  for (const probed of probedServices) {
    const { service, upstream } = probed
    const result = results.find((each) => each.service === service)
    const port = hasAddress(config, probed) ? addressOf(config, upstream).port : null
    if (port !== null) {
      checked()
      const canon = upstream === null ? ownPort : vx11Services[upstream].port
      if (port !== canon) drift('low', service, 'port', String(canon), String(port))
    }
    if (result?.endpoint_ok) {
      checked()
      if (result.endpoint_ok !== healthPath)
        drift('low', service, 'health path', healthPath, `answers ${result.endpoint_ok} alone`)
    } else if (result?.http_code) {
      checked()
      drift('medium', service, 'health path', `200 from ${healthPath}`, `status ${result.http_code}`)
    } else unknown(service, result?.reason ?? 'not_probed')
  }
  return findings
}

const hasAddress = ({ upstreams }: Config, { upstream }: ProbedService): boolean =>
  upstream === null || upstreams[upstream].kind === 'url'
