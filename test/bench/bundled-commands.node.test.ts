/** The bench runs commands out of the bundle; one that moved would be noticed only an hour into a run. */
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { serverBundle } from '../../src/entry/cli/server-bundle.ts'

it('starts only files that the build makes', () => {
  const started = globSync('bench/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/script\), '([\w-]+)\.js'/g)].map(([, name]) => name),
  )
  expect(started.length).toBeGreaterThan(0)
  expect(Object.keys(serverBundle.entryPoints)).toEqual(expect.arrayContaining(started))
})
