import { defineConfig } from 'vitest/config'
export default defineConfig({ resolve: { alias: { '#test-database': new URL('test/support/test-database.ts', import.meta.url).pathname } }, test: { isolate: false, testTimeout: 120000, maxWorkers: 2, include: ['test/**/*.test.ts'], exclude: ['test/**/*.worker.test.ts', 'test/prove/**'] } })
