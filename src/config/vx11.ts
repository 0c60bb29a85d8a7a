/** VX11's own constants: the protocol version its clients compare and the directory of its services. */
import type { UpstreamName } from './config.ts'

/** What every VX11 module of this generation calls itself (contract G1). */
export const vx11Version = '7.0'

/** Service names and ports of VX11's compose file, not measured (contract upstreams/services). */
export const vx11Services: Readonly<Record<UpstreamName, { service: string; port: number }>> = {
  madre: { service: 'madre', port: 8001 },
  switch: { service: 'switch', port: 8002 },
  hermes: { service: 'hermes', port: 8003 },
  hormiguero: { service: 'hormiguero', port: 8004 },
  manifestator: { service: 'manifestator', port: 8005 },
  mcp: { service: 'mcp', port: 8006 },
  shub: { service: 'shubniggurath', port: 8007 },
  spawner: { service: 'spawner', port: 8008 },
  operator: { service: 'operator-backend', port: 8011 },
}
