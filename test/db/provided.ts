/** What test/support/workerd-setup.ts prepares on Node and hands to the tests inside workerd. */

export interface D1MigrationFile {
  name: string
  queries: string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a libSQL server with its tables; null when this machine has none. */
    sqldUrl: string | null
    /** migrations/ as `applyD1Migrations` takes it. */
    d1Migrations: D1MigrationFile[]
  }
}
