/** The options with which `npm start` runs Node. */
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

export const startOptions: readonly string[] = manifest.scripts.start
  .split(' ')
  .filter((word: string) => word.startsWith('-'))
