/** The same test files on two runtimes; a file that needs one runtime says so in its name. */
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          globalSetup: ['test/support/build-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.worker.test.ts', 'test/prove/**'],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          globalSetup: ['test/support/echo-setup.ts', 'test/support/workerd-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.node.test.ts', 'test/prove/**'],
        },
      },
    ],
  },
})
