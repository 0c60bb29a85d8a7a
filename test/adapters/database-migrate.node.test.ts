import { spawn } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { readMigrations } from '../../src/adapters/libsql/migration/migrations.ts'
import { readSchema } from '../db/actual-schema.ts'
import { startSqld } from '../support/sqld.ts'

const program = fileURLToPath(new URL('../../dist/tentaculo.js', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vx11-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs `npm run db:migrate` as a process of its own, in the test's folder. */
async function dbMigrate(env: Record<string, string>) {
  const child = spawn(process.execPath, [program, 'db', 'migrate'], { cwd: folder, env })
  const [[code], out, problem] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { code, out, problem }
}

const done = { code: 0, out: 'The database is up to date.\n', problem: '' }

describe('migrating a file', () => {
  it('creates data/vx11.db when no database is named', async () => {
    expect(await dbMigrate({})).toEqual(done)
    expect((await readFile(join(folder, 'data/vx11.db'))).subarray(0, 15).toString()).toBe('SQLite format 3')
  })

  it('does nothing the second time and keeps every row', async () => {
    const url = `file:${join(folder, 'twice.db')}`
    await migrateDatabase({ url })
    const client = await openFileClient(url)
    await client.execute("INSERT INTO operator_settings (key) VALUES ('kept')")
    await migrateDatabase({ url })
    expect((await client.execute('SELECT key FROM operator_settings')).rows).toHaveLength(1)
    expect((await client.execute('SELECT * FROM __drizzle_migrations')).rows).toHaveLength(readMigrations().length)
    client.close()
  })

  it('lets four processes start at once on a new file', async () => {
    const url = `file:${join(folder, 'race/vx11.db')}`
    const runs = await Promise.all(Array.from({ length: 4 }, () => dbMigrate({ VX11_DATABASE_URL: url })))
    expect(runs).toEqual([done, done, done, done])
    const client = await openFileClient(url)
    const query = async (statement: string) => (await client.execute(statement)).rows.map((row) => ({ ...row }))
    expect(Object.keys(await readSchema(query))).toHaveLength(88)
    expect(await query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await query('SELECT count(*) AS runs FROM __drizzle_migrations')).toEqual([
      { runs: readMigrations().length },
    ])
    client.close()
  })

  it('refuses a file that is no database and leaves it as it is', async () => {
    const path = join(folder, 'notes.txt')
    const content = 'Not a database, although long enough to be mistaken for the header of one.'
    await writeFile(path, content)
    const problem = `file:${path} is not a SQLite database. Move the file away or name another one.\n`
    expect(await dbMigrate({ VX11_DATABASE_URL: `file:${path}` })).toEqual({ code: 1, out: '', problem })
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it('refuses tables that it did not make', async () => {
    const url = `file:${join(folder, 'foreign.db')}`
    const client = await openFileClient(url)
    await client.execute('CREATE TABLE tasks (id INTEGER)')
    client.close()
    await expect(migrateDatabase({ url })).rejects.toThrow(/holds tables but no record of migrations/)
  })

  it('says so when the path is a folder', async () => {
    await expect(migrateDatabase({ url: `file:${folder}` })).rejects.toThrow(/cannot be opened for writing/)
  })
})

describe('migrating a server', () => {
  it.each([
    ['http://127.0.0.1:1', 'cannot be reached'],
    ['http://127.0.0.1:1/?authToken=s3cret', 'VX11_DATABASE_URL must be'],
    ['https://user:s3cret@127.0.0.1:1', 'VX11_DATABASE_URL must be'],
    ['ftp://127.0.0.1/?authToken=s3cret', 'VX11_DATABASE_URL must be'],
    ['s3cret-less words', 'VX11_DATABASE_URL must be'],
  ])('says what is wrong and no secret for %s', async (url, words) => {
    const { code, out, problem } = await dbMigrate({ VX11_DATABASE_URL: url, VX11_DATABASE_AUTH_TOKEN: 't0ken' })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(problem).toContain(words)
    expect(problem).not.toMatch(/t0ken|=s3cret|:s3cret/)
  })
})

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const sqld = await startSqld({ SQLD_AUTH_JWT_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('migrating a libSQL server that wants a token', () => {
  const env = { VX11_DATABASE_URL: sqld?.url ?? '' }

  it('says which variable to set when the token is missing', async () => {
    const { code, problem } = await dbMigrate(env)
    expect(code).toBe(1)
    expect(problem).toContain('Set VX11_DATABASE_AUTH_TOKEN')
  })

  it('lets two processes start at once with the token', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const claims = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode({ a: 'rw' })}`
    const token = `${claims}.${sign(null, Buffer.from(claims), privateKey).toString('base64url')}`
    const withToken = { ...env, VX11_DATABASE_AUTH_TOKEN: token }
    expect(await Promise.all([dbMigrate(withToken), dbMigrate(withToken)])).toEqual([done, done])
  })
})
