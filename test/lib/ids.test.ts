/** An id that can be made can be addressed: whatever a form accepts is one path segment that no parser reads otherwise. */
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { correlationIdForm, OptionalSessionId } from '../../src/lib/ids.ts'
import { isSafeTarget } from '../../src/upstream/path.ts'

const isSession = (id: string) => id !== '' && v.is(OptionalSessionId, id)
const isCorrelation = (id: string) => correlationIdForm.pattern.test(id)
const isAddressed = (id: string) =>
  isSafeTarget(`/operator/session/${encodeURIComponent(id)}`) &&
  decodeURIComponent(new URL(`http://a/operator/session/${encodeURIComponent(id)}`).pathname.slice(18)) === id

const piece = fc.constantFrom('..', '%2e', '\u0085', '\ud800', ...'.;/%\\?# +aé😀')

describe.each([
  ['session', isSession],
  ['correlation', isCorrelation],
])('a %s id', (_kind, isId) => {
  it('that is accepted is addressed by its own path', () => {
    const mixed = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 6 })
    fc.assert(
      fc.property(mixed, (parts) => {
        const id = parts.join('')
        fc.pre(isId(id))
        expect(isAddressed(id)).toBe(true)
      }),
    )
  })

  it.each(['.', '..', '.;', '..;x', 'a/b', 'a%2fb', 'a?b', 'a#b', 'a\\b', 'a\nb'])('may not be %j', (id) => {
    expect(isId(id)).toBe(false)
  })

  it.each(['a', '...', '.a', 'a..', '..a'])('may be %j', (id) => {
    expect(isId(id)).toBe(true)
  })
})
