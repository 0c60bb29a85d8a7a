import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRawNumber, parseExactJson, toDouble } from '../../src/lib/exact-json.ts'

const again = (text: string, keep: 'value' | 'digits' = 'value') => JSON.stringify(parseExactJson(text, keep))

describe('numbers', () => {
  it.each([
    '1795855212636123457',
    '-1795855212636123457',
    '1e400',
    '-1E400',
    '1e-400',
    '-0',
    '-0.0',
    '-0.00e3',
    '0.1000000000000000000001',
    '123456789.123456789123',
    `1${'0'.repeat(400)}`,
    `1e${'9'.repeat(500)}`,
  ])('that a double cannot hold keep their digits: %s', (number) => {
    const text = `{"n":${number},"list":[${number}]}`
    expect(again(text)).toBe(text)
    expect(again(text, 'digits')).toBe(text)
  })

  it.each(['1.0', '1E5', '1e5', '0.50', '100000000000000000000000', '1.5e+3'])(
    'that a double holds are numbers, or keep how they were written: %s',
    (number) => {
      expect(parseExactJson(number)).toBe(Number(number))
      expect(again(number, 'digits')).toBe(number)
    },
  )

  it('are plain where nothing is lost', () => {
    expect(parseExactJson('[0, 1, -5, 1.5, 0.1, 9007199254740991, 1e21]')).toEqual([
      0, 1, -5, 1.5, 0.1, 9007199254740991, 1e21,
    ])
    expect(isRawNumber(parseExactJson('12345678901234567890123'))).toBe(true)
  })

  it('in strings stay strings', () => {
    const text = '{"a":"1795855212636123457 and 1e400 and -0","1e400":"1.0"}'
    expect(again(text, 'digits')).toBe(text)
  })

  it('can be read as the nearest double', () => {
    expect(toDouble(parseExactJson('1795855212636123457'))).toBe(1795855212636123400)
    expect(toDouble(parseExactJson('1.0', 'digits'))).toBe(1)
    expect(toDouble('x')).toBe('x')
  })
})

it('gives the same text for whatever JSON is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(again(text)).toBe(text)
      expect(again(text, 'digits')).toBe(text)
    }),
  )
})

it('keeps the value of every number, however it is written', () => {
  const digits = fc.stringMatching(/^(0|[1-9]\d{0,30})$/)
  const fraction = fc.stringMatching(/^(\.\d{1,30})?$/)
  const exponent = fc.stringMatching(/^([eE][+-]?\d{1,4})?$/)
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits, fraction, exponent, (sign, whole, rest, power) => {
      const number = `${sign}${whole}${rest}${power}`
      expect(again(number, 'digits')).toBe(number)
      const value = parseExactJson(number)
      if (isRawNumber(value)) expect(JSON.stringify(value)).toBe(number)
      else expect(value).toBe(Number(number))
    }),
    { numRuns: 500 },
  )
})

it('refuses what JSON.parse refuses', () => {
  for (const text of ['', '{', '1e', '01', '[1e400', '{"a":1795855212636123457,}'])
    expect(() => parseExactJson(text)).toThrow(SyntaxError)
})

it('takes long numbers in no time', () => {
  const text = `[1${'0'.repeat(200_000)}1,${'1'.repeat(200_000)}e5]`
  expect(again(text)).toBe(text)
})
