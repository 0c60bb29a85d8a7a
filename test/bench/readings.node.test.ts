import { describe, expect, it } from 'vitest'
import { eventTimes } from '../../bench/load/streams.ts'
import { cpuSeconds, residentMiB } from '../../bench/method/proc.ts'
import { readOptions } from '../../bench/options.ts'

describe('cpuSeconds', () => {
  it('tells user and system time, whatever the process is called', () => {
    const after = 'S 1 1 1 0 -1 4194560 100 0 0 0 250 50 7 7 20 0'
    expect(cpuSeconds(`42 (node) ${after}`)).toEqual({ user: 2.5, system: 0.5 })
    expect(cpuSeconds(`42 (a) b (c) ${after}`)).toEqual({ user: 2.5, system: 0.5 })
  })
})

describe('residentMiB', () => {
  it('reads kibibytes', () => {
    expect(residentMiB('Name:\tnode\nVmRSS:\t  2048 kB\nThreads:\t1\n')).toBe(2)
  })

  it('is 0 for a process that has no memory left', () => {
    expect(residentMiB('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0)
  })
})

describe('eventTimes', () => {
  it('reads every event of a chunk', () => {
    expect(eventTimes('data: 12\n\ndata: 13\n\n')).toEqual([12n, 13n])
    expect(eventTimes(': ping\n\n')).toEqual([])
  })
})

describe('readOptions', () => {
  it('compares in slices of two seconds, on Node', () => {
    const options = readOptions([])
    expect(options).toMatchObject({ quick: false, profile: false, rounds: 40, seconds: 2, baseline: null })
    expect(options.cases).toContain('get-1k')
    expect(options.cases).not.toContain('workerd')
  })

  it('takes cases by name, in the order of the table', () => {
    const options = readOptions(['--only', 'cached', '--only', 'get-1k', '--rounds', '2', '--seconds', '4'])
    expect(options).toMatchObject({ cases: ['get-1k', 'cached'], rounds: 2, seconds: 4 })
  })

  it('measures the other runtime alone, and profiles the 1 KB load unless told otherwise', () => {
    expect(readOptions(['--runtime', 'workerd']).cases).toEqual(['workerd'])
    expect(readOptions(['--profile']).cases).toEqual(['get-1k'])
    expect(readOptions(['--profile', '--only', 'cached']).cases).toEqual(['cached'])
  })

  it('leaves out of a quick run what takes long to prepare', () => {
    const { cases, warmUpSeconds, rounds } = readOptions(['--quick'])
    expect(cases).not.toContain('operator-data')
    expect({ warmUpSeconds, rounds }).toEqual({ warmUpSeconds: 0, rounds: 1 })
  })

  it('says what is wrong', () => {
    expect(() => readOptions(['--only', 'get-2k'])).toThrow('no case get-2k')
    expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds takes a number')
    expect(() => readOptions(['--seconds', '1.5'])).toThrow('--seconds takes a number')
    expect(() => readOptions(['--runtime', 'deno'])).toThrow('--runtime takes')
    expect(() => readOptions(['--fast'])).toThrow('--fast')
  })
})
