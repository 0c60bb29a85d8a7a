/** The operator's console as static files in dist/console; `npm run build:console` makes nothing else. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const configFile = fileURLToPath(new URL('../../../console/vite.config.ts', import.meta.url))

export const buildConsole = () => build({ configFile, logLevel: 'warn' })

/** Builds it again when a file of it changes; a running gateway serves the new files at once. */
export const watchConsole = () => build({ configFile, logLevel: 'warn', build: { watch: {} } })

if (import.meta.main) await buildConsole()
