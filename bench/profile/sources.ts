/** Where the functions of a bundle's profile were written, read from the source maps beside its files. */
import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CpuProfile } from './inspector.ts'

/** The same profile, with the frames of bundled functions moved to their sources. */
export function mapToSources(profile: CpuProfile): CpuProfile {
  const maps = new Map<string, SourceMap | null>()
  const mapOf = (url: string) => {
    if (!maps.has(url)) maps.set(url, readMap(url))
    return maps.get(url) ?? null
  }
  const nodes = profile.nodes.map((node) => ({ ...node, callFrame: moved(node.callFrame, mapOf(node.callFrame.url)) }))
  return { ...profile, nodes }
}

type Frame = CpuProfile['nodes'][number]['callFrame']

function readMap(url: string): SourceMap | null {
  if (!url.startsWith('file:')) return null
  const file = `${fileURLToPath(url)}.map`
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null
}

function moved(frame: Frame, map: SourceMap | null): Frame {
  const entry = map?.findEntry(frame.lineNumber, frame.columnNumber)
  if (!entry || !('originalSource' in entry)) return frame
  const source = resolve(dirname(fileURLToPath(frame.url)), entry.originalSource)
  const { originalLine: lineNumber, originalColumn: columnNumber } = entry
  return { ...frame, url: pathToFileURL(source).href, lineNumber, columnNumber }
}
