/** Comparing tokens: equal only when every character is. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalTexts } from '../../src/lib/token-digest.ts'
import { anyText } from '../support/any-text.ts'

it('finds texts equal that are, and no others', () => {
  fc.assert(fc.property(anyText(), (text) => equalTexts(text, text)))
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => equalTexts(a, b) === (a === b)))
})

it.each([
  ['', 'a'],
  ['a', ''],
  ['a', 'a\0'],
  ['a\0', 'a'],
  ['token', 'Token'],
])('%j is not %j', (a, b) => expect(equalTexts(a, b)).toBe(false))
