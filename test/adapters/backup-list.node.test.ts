/** Which copies of the database there are: by the files that are there now, in both folders. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupFiles } from '../../src/adapters/libsql/maintenance/rotation.ts'
import { testApp } from '../support/test-app.ts'

describe('the list of backups', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backup-list-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const ask = async (listBackups?: ReturnType<typeof backupFiles>) => {
    const { authorized } = testApp({ env: { VX11_BACKUP_KEEP: '3' }, deps: listBackups ? { listBackups } : {} })
    return (await authorized('/operator/api/maintenance/backups')).json()
  }

  it('has the newest first, with its size, and what was archived', async () => {
    await mkdir(join(folder, 'archived'))
    const digest = 'a'.repeat(64)
    await writeFile(join(folder, 'vx11-20270102T030405006Z.db'), 'x'.repeat(5000))
    await writeFile(join(folder, 'vx11-20270102T030405006Z.db.sha256'), `${digest}  vx11-20270102T030405006Z.db\n`)
    await writeFile(join(folder, 'archived', 'vx11-20260102T030405006Z.db'), 'x'.repeat(7))
    await writeFile(join(folder, 'vx11-20270103T030405006Z.db.partial'), 'half')
    expect(await ask(backupFiles(folder))).toEqual({
      backups: [
        {
          file: 'vx11-20270102T030405006Z.db',
          bytes: 5000,
          created_at: '2027-01-02T03:04:05.006Z',
          verifiable: true,
          archived: false,
        },
        {
          file: 'vx11-20260102T030405006Z.db',
          bytes: 7,
          created_at: '2026-01-02T03:04:05.006Z',
          verifiable: false,
          archived: true,
        },
      ],
      total_bytes: 5007,
      keep: 3,
      reason: null,
      correlation_id: expect.any(String),
    })
  })

  it('is empty where no copy was made yet', async () => {
    expect(await ask(backupFiles(join(folder, 'none')))).toMatchObject({ backups: [], total_bytes: 0, reason: null })
  })

  it('is null with the reason where there is none to make, or the folder is unreadable', async () => {
    expect(await ask()).toMatchObject({ backups: null, total_bytes: null, reason: 'kept_by_the_store' })
    await writeFile(join(folder, 'file'), '')
    expect(await ask(backupFiles(join(folder, 'file')))).toMatchObject({ backups: null, reason: 'folder_unreadable' })
  })
})
