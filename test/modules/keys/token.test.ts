import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idInToken, newKeyId, newKeyToken, prefixOf } from '../../../src/modules/keys/token.ts'
import { fakeRandom } from '../../support/fake-random.ts'

describe('the text of a key', () => {
  const random = fakeRandom()
  const id = newKeyId(random)
  const token = newKeyToken(random, id)

  it('names its key, and begins as listings show it', () => {
    expect(token).toMatch(/^tlk_[0-9a-f]{16}_[0-9A-Za-z]{49}$/)
    expect(token.startsWith(`${prefixOf(id)}_`)).toBe(true)
    expect(idInToken(token)).toBe(id)
    expect(newKeyToken(random, id)).not.toBe(token)
  })

  it('is known to be wrong by any one changed, missing or added character', () => {
    const at = fc.integer({ min: 0, max: token.length - 1 })
    const character = fc.string({ unit: 'grapheme-ascii', minLength: 0, maxLength: 1 })
    fc.assert(
      fc.property(at, character, (position, other) => {
        const changed = token.slice(0, position) + other + token.slice(position + 1)
        if (changed !== token) expect(idInToken(changed)).toBeNull()
      }),
    )
    for (const other of [`${token}0`, ` ${token}`, token.toUpperCase(), '', 'tlk_']) expect(idInToken(other)).toBeNull()
  })
})
