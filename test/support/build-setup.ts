/** Builds what `npm start` runs, once, before the tests that start it. */
import { execFileSync } from 'node:child_process'

export default function buildSetup() {
  execFileSync('node', ['src/entry/build.ts'], { stdio: 'inherit' })
}
