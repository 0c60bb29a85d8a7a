import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, inject } from 'vitest'
import { d1Database } from '../../src/adapters/d1/d1.ts'
import type {} from '../db/provided.ts'
import { describeEmbeddedWindows } from './windows-embedded.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database
    }
  }
}

beforeAll(() => applyD1Migrations(env.DB, inject('d1Migrations')))

describeEmbeddedWindows('D1', () => d1Database(env.DB))
