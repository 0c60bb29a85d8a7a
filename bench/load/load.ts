/** One request, repeated over 32 connections as fast as the answers come: wrk where it is installed, autocannon elsewhere. */
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { outputOf } from '../children.ts'
import { findProgram } from '../targets.ts'

export interface Load {
  url: string
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  bodyBytes: number
  newAddresses: boolean
  seconds: number
}

export interface LoadResult {
  requests: number
  seconds: number
  p50Ms: number
  p99Ms: number
  /** Answers of 400 and above. */
  refused: number
  /** Connections that broke, and answers that did not come. */
  broken: number
}

export const connections = 32

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))
const wrk = findProgram('wrk')

export const loadTool = wrk ? 'wrk' : 'autocannon'

export const drive = (load: Load): Promise<LoadResult> => (wrk ? driveWrk(wrk, load) : driveAutocannon(load))

async function driveWrk(program: string, load: Load): Promise<LoadResult> {
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const options = ['-t', '1', '-c', String(connections), '-d', String(load.seconds), '--timeout', '10', '-s', script]
  const words = [load.method, String(load.bodyBytes), ...(load.newAddresses ? ['addresses'] : [])]
  return parseWrk(await outputOf(program, [...options, ...headers, load.url, '--', ...words]))
}

/** The line that wrk.lua prints among wrk's own. */
export function parseWrk(output: string): LoadResult {
  const line = output.split('\n').find((text) => text.startsWith('{'))
  if (!line) throw new Error(`wrk gave no summary:\n${output}`)
  const { requests, durationUs, p50Us, p99Us, refused, broken } = JSON.parse(line) as Record<string, number>
  const figures = { requests, durationUs, p50Us, p99Us, refused, broken }
  for (const [name, value] of Object.entries(figures)) if (!Number.isFinite(value)) throw new Error(`wrk: no ${name}`)
  const sure = figures as Record<keyof typeof figures, number>
  return {
    requests: sure.requests,
    seconds: sure.durationUs / 1e6,
    p50Ms: sure.p50Us / 1000,
    p99Ms: sure.p99Us / 1000,
    refused: sure.refused,
    broken: sure.broken,
  }
}

async function driveAutocannon({ url, method, headers, bodyBytes, newAddresses, seconds }: Load): Promise<LoadResult> {
  let n = 0
  const address = () => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n++ & 255}`
  const result = await autocannon({
    url,
    method,
    headers: { ...headers },
    connections,
    duration: seconds,
    ...(bodyBytes > 0 && { body: 'a'.repeat(bodyBytes) }),
    ...(newAddresses && {
      requests: [
        { setupRequest: (request) => ({ ...request, headers: { ...headers, 'x-forwarded-for': address() } }) },
      ],
    }),
  })
  return {
    requests: result.requests.total,
    seconds: result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    refused: result.non2xx,
    broken: result.errors + result.timeouts,
  }
}
