/** The Worker as it would be deployed stays within the size that docs/performance.md promises. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundledWorker } from '../../support/worker-bundle.ts'

it('carries no schema library but valibot, and is at most 450 KiB compressed', () => {
  const { sources }: { sources: string[] } = JSON.parse(readFileSync(`${bundledWorker}.map`, 'utf8'))
  expect(sources.filter((source) => source.includes('node_modules/valibot/'))).not.toEqual([])
  expect(sources.filter((source) => source.includes('node_modules/zod/'))).toEqual([])
  expect(gzipSync(readFileSync(bundledWorker)).length).toBeLessThan(450 * 1024)
})
