import { describe, expect, expectTypeOf, it } from 'vitest'
import type { UpstreamName } from '../../../src/config/config.ts'
import { accessFor } from '../../../src/http/guards/access.ts'
import {
  type ProxiedPrefix,
  type ProxiedUpstream,
  proxiedPrefixes,
  proxiedRowOf,
  proxiedRows,
} from '../../../src/http/proxy/prefixes.ts'
import { testApp } from '../../support/test-app.ts'

const row: ProxiedPrefix = proxiedPrefixes.madre

describe('the table of proxied prefixes', () => {
  it('has exactly the prefixes that the app passes on', () => {
    const { app } = testApp()
    const passedOn = app.routes
      .filter(({ method, path }) => method === 'ALL' && path !== '/*')
      .map(({ path }) => path.replace(/\/\*$/, ''))
    expect([...new Set(passedOn)].toSorted()).toEqual(proxiedRows.map(({ prefix }) => prefix).toSorted())
  })

  it('decides the scope of each prefix and of all below it', () => {
    for (const { prefix, scope } of proxiedRows)
      for (const path of [prefix, `${prefix}/any/thing`])
        expect(accessFor({ openV7Paths: false }, 'POST', path), path).toEqual({ kind: 'scope', scope })
  })

  it('ends at a segment', () => {
    expect(proxiedRowOf('/shub/a')?.upstream).toBe('shub')
    expect(proxiedRowOf('/shub')?.upstream).toBe('shub')
    expect(proxiedRowOf('/shubs')).toBeUndefined()
  })

  it('compiles only with a whole row for each upstream', () => {
    expectTypeOf(proxiedPrefixes).toHaveProperty('switch')
    expectTypeOf<keyof typeof proxiedPrefixes>().toEqualTypeOf<UpstreamName>()
    expectTypeOf<ProxiedUpstream>().toEqualTypeOf<'shub' | 'madre' | 'switch'>()
    const { limit: _, ...withoutLimit } = row
    expectTypeOf(withoutLimit).not.toMatchTypeOf<ProxiedPrefix>()
    const { hermes: __, ...withoutUpstream } = proxiedPrefixes
    expectTypeOf(withoutUpstream).not.toMatchTypeOf<Record<UpstreamName, ProxiedPrefix | null>>()
  })
})
