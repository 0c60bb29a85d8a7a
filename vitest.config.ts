/** The same test files on two runtimes; a file that needs one runtime says so in its name. */

import { mkdirSync } from 'node:fs'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** In milliseconds: a machine that is busy with something else is slow, not wrong; only a test that is stuck meets these. */
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } }

/** Long files first: started last, one of them would be waited for while the other workers have nothing left to do. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) =>
      ['/test/console/', ''].findIndex((folder) => moduleId.includes(folder))
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

/** `#test-database` is the runtime's own database with its tables (test/support/test-database*.ts). */
const databaseOf = (file: string) => ({ '#test-database': new URL(`test/support/${file}`, import.meta.url).pathname })

// wrangler refuses a folder of assets that is not there; the console itself is built by test/support/build-setup.ts.
mkdirSync('dist/console', { recursive: true })

/** `npm run test:processes`: they start gateways by the dozen, and take as long as all other tests together. */
const processTests = 'test/runtime/**/*.test.ts'

export default defineConfig({
  test: {
    globalSetup: ['test/support/memory-folder.ts'],
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        resolve: { alias: databaseOf('test-database.ts') },
        test: {
          name: 'node',
          ...timeouts,
          isolate: false,
          maxWorkers: 3,
          globalSetup: ['test/support/build-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.worker.test.ts', 'test/prove/**', processTests],
        },
      },
      {
        test: {
          name: 'processes',
          ...timeouts,
          isolate: false,
          // Most of their time is waiting for processes.
          maxWorkers: 6,
          sequence: { groupOrder: 2 },
          globalSetup: ['test/support/build-setup.ts'],
          include: [processTests],
        },
      },
      {
        resolve: { alias: databaseOf('test-database.worker.ts') },
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          ...timeouts,
          isolate: false,
          // Each loads every module once more, and none of them waits for anything but the processor.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/support/echo-setup.ts', 'test/support/workerd-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.node.test.ts', 'test/prove/**'],
        },
      },
    ],
  },
})
