/** `npm run prove`: what takes minutes. One file at a time, because each measures the machine. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'prove',
    globalSetup: ['test/support/build-setup.ts'],
    include: ['test/prove/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
