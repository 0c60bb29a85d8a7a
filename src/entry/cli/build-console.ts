/** Builds the operator's console into dist/console; `npm run build:console` builds only that. */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const configFile = fileURLToPath(new URL('../../../console/vite.config.ts', import.meta.url))

export const buildConsole = () => build({ configFile, logLevel: 'warn' })

/** Rebuilds on change; a running gateway serves the new files at once. */
export const watchConsole = () => build({ configFile, logLevel: 'warn', build: { watch: {} } })

if (import.meta.main) await buildConsole()
