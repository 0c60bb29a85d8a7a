import { expect, it } from 'vitest'
import { readOptions } from '../../bench/options.ts'

it('measures something in a quick run on each runtime', () => {
  expect(readOptions(['--quick', '--runtime', 'workerd']).cases).toEqual(['workerd'])
  expect(readOptions(['--quick']).cases).toContain('get-1k')
})

it('names the cases of a runtime when it is asked for another', () => {
  expect(() => readOptions(['--only', 'nonsense'])).toThrow('no case nonsense; there are start')
})
