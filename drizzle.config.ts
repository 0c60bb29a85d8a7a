/** Tells drizzle-kit where the tables are and where their SQL goes: `npm run db:generate -- --name what_changed`. */
import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/db/schema/index.ts',
  out: './migrations',
})
