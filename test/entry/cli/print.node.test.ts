/** Text of others on a terminal: shown, never obeyed. */
import { describe, expect, it } from 'vitest'
import { jsonOf, table, visible } from '../../../src/entry/cli/command/print.ts'

describe('text of others', () => {
  it('loses what controls a terminal, hides or turns text', () => {
    expect(visible('a\u001b[31mb\u009b2Jc\nd\u202ee')).toBe('a\ufffd[31mb\ufffd2Jc\ufffdd\ufffde')
    expect(visible('señal ✓ 🐙')).toBe('señal ✓ 🐙')
  })

  it('is escaped in JSON, and read back as it was', () => {
    const value = { text: 'a\u001b[31m\u009b2J\u007f' }
    const json = jsonOf(value)
    expect(json).not.toMatch(/[^\n\x20-\x7e]/)
    expect(JSON.parse(json)).toEqual(value)
  })
})

describe('a table', () => {
  it('pads all columns but the last', () => {
    expect(
      table([
        ['a', 'bb', 'c'],
        ['aaa', 'b', ''],
      ]),
    ).toBe('a    bb  c\naaa  b')
  })
})
