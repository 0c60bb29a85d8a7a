import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { databaseFile } from '../../support/database-file.ts'
import { someEvent, testEventLog } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('npm run db -- verify-ledger', () => {
  const file = databaseFile()
  beforeAll(async () => {
    const events = testEventLog({ database: file().database, clock: fakeClock() })
    for (let page = 0; page < 3; page++) await events.append(Array.from({ length: 1000 }, () => someEvent()))
  })

  const verify = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      execFile(
        join(root, 'node_modules/.bin/node'),
        ['dist/tentaculo.js', 'db', 'verify-ledger', ...args],
        { cwd: root, env: { ...process.env, VX11_DATABASE_URL: file().url } },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
      )
    })

  it('checks all of it, page after page, and ends with 1 at the first broken link', async () => {
    expect(await verify()).toEqual({
      code: 0,
      said: 'intact: 3000 rows follow from one another, 0 at the beginning stand alone\n',
    })
    await file().database.open().run(sql`update forensic_ledger set event = 'x' where id = 2500`)
    const { code, said } = await verify()
    expect([code, said]).toEqual([1, expect.stringContaining('broken at row 2500: hash_mismatch')])
    expect(await verify('--to', '2499')).toMatchObject({ code: 0 })
    expect(await verify('--from', '2502', '--to', '2600')).toMatchObject({ code: 0 })
    expect(await verify('--from', 'x')).toMatchObject({ code: 2, said: expect.stringContaining('whole number') })
  })
})
