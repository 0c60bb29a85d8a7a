/** Prepares, on Node, what the tests inside workerd cannot: a libSQL server and the text of the migrations. */
import { readD1Migrations } from '@cloudflare/vitest-plugin'
import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import type {} from '../db/provided.ts'
import { startSqld } from './sqld.ts'

export default async function setup(project: TestProject) {
  project.provide('d1Migrations', await readD1Migrations('migrations'))
  const sqld = await startSqld()
  if (sqld) await migrateDatabase(sqld)
  project.provide('sqldUrl', sqld?.url ?? null)
  return () => sqld?.stop()
}
