/** The canon registry: which canonical documents exist, in which version, and how audit runs judged them. */
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { textKey } from './columns.ts'

/** One canonical document by type. */
export const canonicalDocs = sqliteTable('canonical_docs', {
  // fs_snapshot, fs_target, flows, semantic or runtime_policy.
  docType: textKey('doc_type'),
  version: text(),
  sha256: text(),
  contentJson: text('content_json'),
  sourcePath: text('source_path'),
  createdAtUtc: text('created_at_utc'),
  gitHead: text('git_head'),
})

/** Frozen copy of the previous canonical_docs table; nothing reads it. */
export const canonicalDocsLegacy = sqliteTable(
  'canonical_docs_legacy_20251220T212937Z',
  {
    canonicalVersion: text('canonical_version'),
    docPath: text('doc_path'),
    sha256: text(),
    sizeBytes: integer('size_bytes'),
    createdAtUtc: text('created_at_utc'),
    docType: text('doc_type'),
    version: text(),
    json: text(),
    sourcePath: text('source_path'),
    contentJson: text('content_json'),
    gitHead: text('git_head'),
  },
  (table) => [primaryKey({ columns: [table.canonicalVersion, table.docPath] })],
)

/** One canon metadata key. */
export const canonicalKv = sqliteTable('canonical_kv', {
  key: textKey('key'),
  value: text(),
  updatedAtUtc: text('updated_at_utc'),
})

/** The registered canon version with commit and master file hash. */
export const canonicalRegistry = sqliteTable('canonical_registry', {
  canonicalVersion: textKey('canonical_version'),
  gitCommit: text('git_commit'),
  gitBranch: text('git_branch'),
  masterPath: text('master_path'),
  masterSha256: text('master_sha256'),
  createdAtUtc: text('created_at_utc'),
})

/** One canon audit run with its coverage percentages. */
export const canonicalRuns = sqliteTable('canonical_runs', {
  runId: textKey('run_id'),
  canonicalVersion: text('canonical_version'),
  outdir: text(),
  startedAtUtc: text('started_at_utc'),
  endedAtUtc: text('ended_at_utc'),
  coveragePct: real('coverage_pct'),
  globalParcialPct: real('global_parcial_pct'),
  globalPonderadoPct: real('global_ponderado_pct'),
  metricsJson: text('metrics_json'),
  gitHead: text('git_head'),
  resultsJson: text('results_json'),
  finishedAtUtc: text('finished_at_utc'),
  percentagesJson: text('percentages_json'),
})
