/** Decides what goes into an audit's archive: the run, its readable evidence, and a manifest with each path's outcome. */

import * as v from 'valibot'
import { parseJson } from '../../lib/json-text.ts'
import type { Deps, EvidenceFile, EvidenceFiles } from '../../ports/index.ts'
import { isEvidencePath } from './evidence-path.ts'
import type { AuditOutcome, Manifest } from './schema.ts'
import type { ZipEntry } from './zip.ts'

export const packLimits = { files: 200, fileBytes: 64 * 2 ** 20, totalBytes: 256 * 2 ** 20 } as const
/** Paths beyond this are ignored. */
const maxNamed = 1000

export type PackDeps = Pick<Deps, 'clock' | 'evidence'>

type Line = Manifest['evidence'][number]

/** `evidence` is the run's JSON list of paths. The manifest is written last. */
export async function* packAudit(
  { clock, evidence: files }: PackDeps,
  audit: { audit_id: string },
  evidence: string | null,
): AsyncGenerator<ZipEntry> {
  const { files: maxFiles, fileBytes, totalBytes } = packLimits
  const manifest: Manifest = {
    audit_id: audit.audit_id,
    packed_at: new Date(clock.now()).toISOString(),
    limits: { files: maxFiles, file_bytes: fileBytes, total_bytes: totalBytes },
    reason: null,
    evidence: [],
  }
  yield jsonEntry('audit.json', audit)
  const paths = readPaths(evidence)
  if (paths === null) manifest.reason = 'list_unreadable'
  else if (!files && paths.length > 0) manifest.reason = 'no_files_on_this_platform'
  yield* packEvidence(files, paths ?? [], manifest.evidence)
  yield jsonEntry('manifest.json', manifest)
}

/** Null for invalid JSON or anything but a list of strings. */
export function readPaths(evidence: string | null): string[] | null {
  if (evidence === null) return []
  const parsed = v.safeParse(v.array(v.string()), parseJson(evidence))
  return parsed.success ? parsed.output.slice(0, maxNamed) : null
}

async function* packEvidence(files: EvidenceFiles | undefined, paths: readonly string[], lines: Line[]) {
  const taken = new Set<string>()
  let bytesLeft: number = packLimits.totalBytes
  for (const path of paths) {
    const line: Line = { path: path.slice(0, 512).toWellFormed(), outcome: 'packed', bytes: null }
    lines.push(line)
    const file = await openPath(files, path, taken)
    if (typeof file === 'string') {
      line.outcome = file
      continue
    }
    line.bytes = file.bytes
    const excess = excessOf(file.bytes, bytesLeft)
    if (excess) {
      line.outcome = excess
      await file.close()
      continue
    }
    taken.add(path)
    bytesLeft -= file.bytes
    yield { name: `evidence/${path}`, chunks: chunksOf(file, line) }
  }
}

async function openPath(
  files: EvidenceFiles | undefined,
  path: string,
  taken: ReadonlySet<string>,
): Promise<EvidenceFile | AuditOutcome> {
  if (!files) return 'no_files_on_this_platform'
  if (!isEvidencePath(path)) return 'refused_path'
  if (taken.has(path)) return 'repeated'
  if (taken.size >= packLimits.files) return 'too_many_files'
  return files.open(path)
}

function excessOf(bytes: number, bytesLeft: number): AuditOutcome | null {
  if (bytes > packLimits.fileBytes) return 'file_too_large'
  return bytes > bytesLeft ? 'archive_too_large' : null
}

/** A read error ends this file's entry, and the archive continues. */
async function* chunksOf(file: EvidenceFile, line: Line): AsyncGenerator<Uint8Array> {
  let left = file.bytes
  try {
    for await (const chunk of file.chunks()) {
      left -= chunk.byteLength
      yield chunk
    }
  } catch {
    // `left` records it, and the manifest reports it.
  } finally {
    if (left !== 0) line.outcome = 'cut_short'
    await file.close()
  }
}

function jsonEntry(name: string, value: unknown): ZipEntry {
  return { name, chunks: one(new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)) }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
