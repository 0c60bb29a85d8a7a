import { expect, it } from 'vitest'
import { parseDeadline } from '../../src/upstream/deadline-header.ts'

it.each([
  ['1', 1],
  ['4500', 4500],
  ['600000', 600_000],
])('reads %s', (value, ms) => expect(parseDeadline(value)).toBe(ms))

it.each(['', '0', '600001', '1000000', '-5', '+5', '1.5', '1e3', ' 5', '5 ', '05', '5s', 'NaN', '5, 5', '٥'])(
  'reads nothing from %j',
  (value) => expect(parseDeadline(value)).toBeNull(),
)

it('reads nothing from a repeated field', () => expect(parseDeadline(['5', '5'])).toBeNull())
