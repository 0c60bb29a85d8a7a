import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { observerExceptions } from '../../../src/http/guards/observer-mode.ts'

it('docs/security.md lists the exceptions of observer mode as they are', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/security.md'), 'utf8')
  const section = page.slice(page.indexOf('## Observer mode'), page.indexOf('## Tickets'))
  const rows = [...section.matchAll(/^\| `(\/[^`]+)` \| (.+) \|$/gm)].map(([, path, why]) => [path, why])
  expect(rows).toEqual(Object.entries(observerExceptions))
})
