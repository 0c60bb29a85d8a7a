/** Reads which requests a gateway has answered, from its log: heads alone, of methods that change nothing. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import * as v from 'valibot'
import { parseJson } from '../../../lib/json-text.ts'
import { CommandError } from '../command/exit-status.ts'

export interface RecordedHead {
  method: string
  /** With the parameters of the query that the log shows. */
  path: string
  route: string
}

export interface Recording {
  heads: RecordedHead[]
  leftOut: Record<'with_effects' | 'upgrades' | 'over_the_limits' | 'without_path', number>
}

export interface RecordingLimits {
  perRoute: number
  total: number
}

/** One line of the access log (docs/operations.md), with the parameters that VX11_LOG_QUERY names; headers were never in it. */
const Line = v.object({
  method: v.string(),
  route: v.string(),
  status: v.number(),
  path: v.optional(v.pipe(v.string(), v.regex(/^\/[!-~]*$/), v.regex(/^[^?#]*$/))),
  query: v.optional(v.pipe(v.string(), v.regex(/^[!-~]*$/), v.regex(/^[^#]*$/))),
})

const withoutEffects = new Set(['GET', 'HEAD', 'OPTIONS'])

export async function readRecording(file: string, limits: RecordingLimits): Promise<Recording> {
  const lines = createInterface({ input: openFile(file), crlfDelay: Number.POSITIVE_INFINITY })
  const gathered = gathering(limits)
  try {
    for await (const line of lines) gathered.add(line)
  } catch (error) {
    throw new CommandError('misused', `The recording cannot be read: ${(error as Error).message}`)
  }
  if (gathered.recording.heads.length > 0) return gathered.recording
  throw new CommandError('misused', nothing(gathered.recording))
}

const openFile = (file: string): Readable => (file === '-' ? process.stdin : createReadStream(file, 'utf8'))

const nothing = ({ leftOut }: Recording) =>
  leftOut.without_path > 0
    ? 'The lines have no paths: the gateway that wrote them had VX11_LOG_PATHS=false.'
    : 'It has no line of a request that changes nothing: give the JSON log of a gateway.'

/** Each method and path once; the first ones of each route. */
function gathering({ perRoute, total }: RecordingLimits) {
  const recording: Recording = {
    heads: [],
    leftOut: { with_effects: 0, upgrades: 0, over_the_limits: 0, without_path: 0 },
  }
  const seen = new Set<string>()
  const ofRoute = new Map<string, number>()
  const { heads, leftOut } = recording

  function add(line: string): void {
    // In front of the object may stand the name that docker compose gives its service.
    const parsed = v.safeParse(Line, parseJson(line.slice(Math.max(0, line.indexOf('{')))))
    if (!parsed.success) return
    const { method, path: bare, query, route, status } = parsed.output
    if (bare === undefined) return void leftOut.without_path++
    const path = query ? `${bare}?${query}` : bare
    if (!withoutEffects.has(method)) return void leftOut.with_effects++
    if (status === 101) return void leftOut.upgrades++
    const count = ofRoute.get(`${method} ${route}`) ?? 0
    if (seen.has(`${method} ${path}`)) return
    if (count >= perRoute || heads.length >= total) return void leftOut.over_the_limits++
    seen.add(`${method} ${path}`)
    ofRoute.set(`${method} ${route}`, count + 1)
    heads.push({ method, path, route })
  }
  return { recording, add }
}
