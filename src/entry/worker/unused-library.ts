/** Stands, by wrangler.toml, for a schema library that hono-openapi could use and nothing here does. */
export {}
