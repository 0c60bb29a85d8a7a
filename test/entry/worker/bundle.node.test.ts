/** The Worker as it would be deployed stays within the size that docs/performance.md promises. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundledWorker } from '../../support/worker-bundle.ts'

it('carries no schema library but valibot, and is at most 450 KiB compressed', () => {
  const code = readFileSync(bundledWorker)
  expect(String(code)).not.toContain('node_modules/zod/')
  expect(gzipSync(code).length).toBeLessThan(450 * 1024)
})
