/** What many open event streams cost, and how much later an event comes through than it was written. */
import { driveStreams } from './load/streams.ts'
import type { Options } from './options.ts'
import { residentMiBOf, watchMemory } from './proc.ts'
import type { StreamTargetResult } from './results.ts'
import { isGateway, type Target, token } from './targets.ts'

export async function measureStreams(targets: readonly Target[], options: Options): Promise<StreamTargetResult[]> {
  const results: StreamTargetResult[] = []
  for (const { name, url, pid } of targets) {
    const idleMiB = residentMiBOf(pid)
    const peak = watchMemory(pid)
    const gateway = isGateway(name)
    const result = await driveStreams({
      url: `${url}${gateway ? '/shub' : ''}/sse`,
      headers: gateway ? { 'X-VX11-Token': token } : {},
      count: options.streams,
      seconds: options.seconds,
    })
    results.push({ name, ...result, idleMiB, peakMiB: peak() })
  }
  return results
}
