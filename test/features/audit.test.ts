import { unzipSync } from 'fflate/browser'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { manifestatorAudit } from '../../src/db/schema/manifestator.ts'
import { packLimits } from '../../src/features/audit/pack.ts'
import { AuditDetail, AuditRuns, Manifest } from '../../src/features/audit/schema.ts'
import type { EvidenceFile, EvidenceFiles } from '../../src/ports/index.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp } from '../support/test-app.ts'

const path = '/operator/api/audit'
const open = testDatabase()
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

type Row = typeof manifestatorAudit.$inferInsert
const store = (...rows: Row[]) => open().open().insert(manifestatorAudit).values(rows)

/** Files by path, with a record of which are open. */
function fakeEvidence(files: Record<string, string | Partial<EvidenceFile>>) {
  const opened: string[] = []
  const closed: string[] = []
  const evidence: EvidenceFiles = {
    open: async (name) => {
      const file = Object.hasOwn(files, name) ? files[name] : undefined
      if (file === undefined) return 'missing'
      opened.push(name)
      const bytes = new TextEncoder().encode(typeof file === 'string' ? file : '')
      return {
        bytes: bytes.byteLength,
        chunks: async function* () {
          yield bytes
        },
        close: async () => void closed.push(name),
        ...(typeof file === 'object' && file),
      }
    },
  }
  return { evidence, opened, closed }
}

function gatewayWith(evidence?: EvidenceFiles, env: Record<string, string> = {}) {
  const gateway = testApp({ env, deps: { database: open(), ...(evidence && { evidence }) } })
  const list = async (query = '', under = '/runs') => {
    const response = await gateway.authorized(`${path}${under}${query}`)
    const body = await response.text()
    expect({ status: response.status, body }).toMatchObject({ status: 200 })
    return v.parse(AuditRuns, JSON.parse(body))
  }
  const download = async (id: string) => {
    const response = await gateway.authorized(`${path}/${encodeURIComponent(id)}/download`)
    expect(response.status).toBe(200)
    const entries = unzipSync(new Uint8Array(await response.arrayBuffer()))
    const manifest = v.parse(Manifest, JSON.parse(text(entries['manifest.json'])))
    return { response, entries, manifest, audit: JSON.parse(text(entries['audit.json'])) }
  }
  return { ...gateway, list, download }
}

const plan = {
  summary: 'Two findings',
  findings: [{ severity: 'P0' }, { priority: 'p0' }, { severity: 'P1' }, 'P0', null],
}

describe('the audit runs', () => {
  beforeEach(async () => {
    await open().open().delete(manifestatorAudit)
    await store(
      { auditId: 'a1', runTs: '2026-01-01 10:00:00', status: 'draft', patchPlanJson: JSON.stringify(plan) },
      { auditId: 'a2', runTs: '2026-01-02 10:00:00', status: 'applied', correlationId: 'c-2', appliedBy: 'madre' },
      { auditId: 'a3', runTs: '2026-01-03 10:00:00', status: 'draft', patchPlanJson: 'no JSON' },
      { auditId: 'a4', runTs: null, status: 'draft', patchPlanJson: JSON.stringify({ summary: 'x'.repeat(65_536) }) },
    )
  })

  it.each(['', '/runs'])('are listed newest first under %j', async (under) => {
    const { runs, total, has_more, degraded } = await gatewayWith().list('', under)
    expect({ total, has_more, degraded }).toEqual({ total: 4, has_more: false, degraded: false })
    expect(runs.map(({ audit_id }) => audit_id)).toEqual(['a3', 'a2', 'a1', 'a4'])
    expect(runs[2]).toMatchObject({
      ...{ audit_id: 'a1', id: 'a1', run_id: 'a1', status: 'draft', summary: 'Two findings', p0_count: 2 },
      ...{ run_ts: '2026-01-01T10:00:00.000Z', timestamp: '2026-01-01T10:00:00.000Z', reason: null },
    })
    expect(runs[1]).toMatchObject({ summary: null, p0_count: 0, correlation_id: 'c-2', reason: null })
  })

  it('say what of a plan is not known, and why', async () => {
    const { runs } = await gatewayWith().list()
    expect(runs[0]).toMatchObject({ audit_id: 'a3', summary: null, p0_count: null, reason: 'plan_unreadable' })
    expect(runs[3]).toMatchObject({ audit_id: 'a4', summary: null, p0_count: null, reason: 'plan_too_large' })
  })

  it.each([
    ['?limit=2', ['a3', 'a2'], 4, true],
    ['?limit=2&offset=2', ['a1', 'a4'], 4, false],
    ['?offset=9', [], 4, false],
    ['?status=draft&limit=1', ['a3'], 3, true],
    ['?status=rolled_back', [], 0, false],
    ['?limit=5000', ['a3', 'a2', 'a1', 'a4'], 4, false],
  ])('are filtered and paged by %s', async (query, ids, total, hasMore) => {
    const page = await gatewayWith().list(query)
    expect(page.runs.map(({ audit_id }) => audit_id)).toEqual(ids)
    expect(page).toMatchObject({ total, has_more: hasMore })
  })

  it.each(['limit=0', 'limit=-1', 'offset=-1', 'offset=1e3', "status=draft' OR 1=1", 'status='])(
    'refuse %s',
    async (query) => {
      await expectProblem(await gatewayWith().authorized(`${path}/runs?${query}`), 'validation_error')
    },
  )

  it('are shown one by one', async () => {
    const { authorized } = gatewayWith()
    const read = async (id: string) => v.parse(AuditDetail, await (await authorized(`${path}/${id}`)).json())
    expect(await read('a1')).toMatchObject({ audit_id: 'a1', summary: 'Two findings', findings: plan.findings })
    expect(await read('a2')).toMatchObject({ findings: [], artifacts: [], applied_by: 'madre', applied_at: null })
    expect(await read('a3')).toMatchObject({ findings: null, reason: 'plan_unreadable' })
    expect(await read('a4')).toMatchObject({ findings: [], summary: 'x'.repeat(65_536), reason: null })
    for (const id of ['a5', 'A1', 'a%25', '%27%20OR%201=1']) {
      await expectProblem(await authorized(`${path}/${id}`), 'audit_not_found')
    }
  })

  it('answer as v7 did when the feature is off', async () => {
    const { list, authorized } = gatewayWith(undefined, { VX11_AUDIT_ENABLED: 'off' })
    for (const under of ['', '/runs']) {
      expect(await list('', under)).toMatchObject({ error: 'feature_disabled', runs: [], total: 0, has_more: false })
    }
    await expectProblem(await authorized(`${path}/a1`), 'feature_disabled')
    await expectProblem(await authorized(`${path}/a1/download`), 'feature_disabled')
  })

  it('say that the database is away', async () => {
    const { authorized } = testApp({ deps: { database: awayDatabase } })
    const list = v.parse(AuditRuns, await (await authorized(path)).json())
    expect(list).toMatchObject({ runs: [], degraded: true, error: 'database_unavailable' })
    await expectProblem(await authorized(`${path}/a1`), 'database_unavailable')
    await expectProblem(await authorized(`${path}/a1/download`), 'database_unavailable')
  })
})

describe('the archive of an audit run', () => {
  beforeEach(async () => {
    await open().open().delete(manifestatorAudit)
  })

  const withEvidence = (paths: unknown, more: Partial<Row> = {}) =>
    store({ auditId: 'a1', status: 'draft', evidencePathsJson: JSON.stringify(paths), ...more })

  it('holds the run, its evidence, and what became of each path', async () => {
    const run = { runTs: '2026-01-01 10:00:00', patchPlanJson: JSON.stringify(plan) }
    await withEvidence(['docs/one.txt', 'zwei ü.json', 'gone.txt'], run)
    const { evidence, opened, closed } = fakeEvidence({ 'docs/one.txt': 'one '.repeat(50_000), 'zwei ü.json': '' })
    const { response, entries, manifest, audit } = await gatewayWith(evidence).download('a1')
    expect(response.headers.get('content-type')).toBe('application/zip')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit_a1.zip"')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(entries)).toEqual([
      'audit.json',
      'evidence/docs/one.txt',
      'evidence/zwei ü.json',
      'manifest.json',
    ])
    expect(text(entries['evidence/docs/one.txt'])).toBe('one '.repeat(50_000))
    expect(audit).toMatchObject({
      audit_id: 'a1',
      run_ts: '2026-01-01T10:00:00.000Z',
      patch_plan: plan,
      evidence_paths: expect.arrayContaining(['gone.txt']),
    })
    expect(manifest.evidence).toEqual([
      { path: 'docs/one.txt', outcome: 'packed', bytes: 200_000 },
      { path: 'zwei ü.json', outcome: 'packed', bytes: 0 },
      { path: 'gone.txt', outcome: 'missing', bytes: null },
    ])
    expect(closed).toEqual(opened)
  })

  it.each([
    '../secret',
    '../../../../etc/hostname',
    'a/../../secret',
    'a/..',
    './a',
    'a/./b',
    '/etc/hostname',
    '//host/share',
    'a//b',
    '',
    ' ',
    'a/ /b',
    '..\\secret',
    'a\\b',
    'C:/secret',
    'c:secret',
    '%2e%2e/secret',
    'a/%2E%2E/secret',
    'a%2fb',
    'a%5Cb',
    'a\u0000.txt',
    'a%00.txt',
    'a\nb',
    'a\u202etxt.exe',
    'a\ud800',
    'x'.repeat(513),
  ])('never asks for %j', async (named) => {
    await withEvidence([named])
    const asked: string[] = []
    const evidence: EvidenceFiles = {
      open: async (name) => {
        asked.push(name)
        return 'missing'
      },
    }
    const { entries, manifest } = await gatewayWith(evidence).download('a1')
    expect(asked).toEqual([])
    expect(Object.keys(entries)).toEqual(['audit.json', 'manifest.json'])
    expect(manifest.evidence).toEqual([
      { path: named.slice(0, 512).toWellFormed(), outcome: 'refused_path', bytes: null },
    ])
  })

  it('packs a path once, and no more files than it may', async () => {
    const names = Array.from({ length: packLimits.files + 1 }, (_, n) => `f${n}`)
    await withEvidence(['f0', 'f0', ...names.slice(1)])
    const { evidence } = fakeEvidence(Object.fromEntries(names.map((name) => [name, name])))
    const { entries, manifest } = await gatewayWith(evidence).download('a1')
    expect(Object.keys(entries)).toHaveLength(packLimits.files + 2)
    expect(manifest.evidence[1]).toMatchObject({ path: 'f0', outcome: 'repeated' })
    expect(manifest.evidence.at(-1)).toMatchObject({ path: names.at(-1), outcome: 'too_many_files' })
  })

  it('leaves out what is too large, for the file and for the archive, and closes it', async () => {
    const claims = (bytes: number) => ({ bytes, chunks: async function* () {} })
    const files = {
      huge: claims(packLimits.fileBytes + 1),
      ...{ b1: claims(packLimits.fileBytes), b2: claims(packLimits.fileBytes), b3: claims(packLimits.fileBytes) },
      ...{ b4: claims(packLimits.fileBytes), small: 'x' },
    }
    await withEvidence(Object.keys(files))
    const { evidence, opened, closed } = fakeEvidence(files)
    const { manifest } = await gatewayWith(evidence).download('a1')
    const outcomes = Object.fromEntries(manifest.evidence.map((line) => [line.path, line.outcome]))
    expect(outcomes).toMatchObject({ huge: 'file_too_large', b4: 'cut_short', small: 'archive_too_large' })
    expect(closed.toSorted()).toEqual(opened.toSorted())
  })

  it('goes on behind a file that fails in the middle, and says that it is short', async () => {
    const failing: Partial<EvidenceFile> = {
      bytes: 10,
      chunks: async function* () {
        yield new TextEncoder().encode('begin')
        throw new Error('EIO')
      },
    }
    await withEvidence(['broken', 'fine'])
    const { evidence, closed } = fakeEvidence({ broken: failing, fine: 'fine' })
    const { entries, manifest } = await gatewayWith(evidence).download('a1')
    expect(text(entries['evidence/broken'])).toBe('begin')
    expect(text(entries['evidence/fine'])).toBe('fine')
    expect(manifest.evidence.map(({ outcome }) => outcome)).toEqual(['cut_short', 'packed'])
    expect(closed).toEqual(['broken', 'fine'])
  })

  it('says so where the platform has no files, and still holds the run', async () => {
    await withEvidence(['docs/one.txt'])
    const { entries, manifest } = await gatewayWith().download('a1')
    expect(Object.keys(entries)).toEqual(['audit.json', 'manifest.json'])
    expect(manifest).toMatchObject({
      reason: 'no_files_on_this_platform',
      evidence: [{ path: 'docs/one.txt', outcome: 'no_files_on_this_platform' }],
    })
  })

  it.each(['no JSON', '{"a":1}', '[1]', 'null'])('holds the row when its list of paths is %j', async (list) => {
    await store({ auditId: 'a1', status: 'draft', evidencePathsJson: list, patchPlanJson: '{broken' })
    const { manifest, audit } = await gatewayWith(fakeEvidence({}).evidence).download('a1')
    expect(manifest).toMatchObject({ reason: 'list_unreadable', evidence: [] })
    expect(audit).toMatchObject({ evidence_paths: list, patch_plan: '{broken', reason: 'plan_unreadable' })
  })

  it('opens nothing before it is read, one file at a time, and none after the reader has left', async () => {
    await withEvidence(['first', 'second'])
    const endless: Partial<EvidenceFile> = {
      bytes: 2 ** 26,
      chunks: async function* () {
        for (let n = 0; n < 1000; n++) yield crypto.getRandomValues(new Uint8Array(65_536))
      },
    }
    const { evidence, opened, closed } = fakeEvidence({ first: endless, second: 'x' })
    const { authorized } = gatewayWith(evidence)
    const head = await authorized(`${path}/a1/download`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(opened).toEqual([])
    const reader = (await authorized(`${path}/a1/download`)).body?.getReader()
    for (let n = 0; n < 20; n++) await reader?.read()
    expect({ opened, closed }).toEqual({ opened: ['first'], closed: [] })
    await reader?.cancel()
    expect({ opened, closed }).toEqual({ opened: ['first'], closed: ['first'] })
  })

  it('has a name that no header stumbles over', async () => {
    const id = 'a "1"; X: y..ñ'
    await withEvidence([], { auditId: id })
    const { response } = await gatewayWith().download(id)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit_a__1___X__y.._.zip"')
    await expectProblem(await gatewayWith().authorized(`${path}/none/download`), 'audit_not_found')
  })
})
