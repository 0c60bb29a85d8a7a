/** The table of docs/events.md lists the gateway's event types, each once. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { gatewayEventTypes } from '../src/announcements.ts'

it("documents every type of the gateway's own events, and no other", () => {
  const page = readFileSync(new URL('../docs/events.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('## Events of the gateway itself')).match(/^\|.*\|$/gm) ?? []
  const documented = table.flatMap((row) => [...row.matchAll(/`(gateway\.[\w.]+)`/g)].map(([, type]) => type))
  expect(documented.toSorted()).toEqual([...gatewayEventTypes].toSorted())
})
