import { describe, expect, it } from 'vitest'
import { preferredLanguage } from '../../src/lib/accept-language.ts'

describe('the preferred language', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['es', 'es'],
    ['ES-mx', 'es'],
    ['fr, es;q=0.3', 'es'],
    ['es;q=0.3, en;q=0.4', 'en'],
    ['es;q=0', 'en'],
    ['es;q=nonsense', 'en'],
    ['es;q=2', 'en'],
    ['*', 'en'],
    [';;,,=;q=1', 'en'],
  ])('of %j is %s', (header, language) => {
    expect(preferredLanguage(header, ['en', 'es'])).toBe(language)
  })
})
