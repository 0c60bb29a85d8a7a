import { describe, expect, it } from 'vitest'
import { parseWrk } from '../../bench/load/load.ts'
import { messageLength } from '../../bench/load/steady.ts'
import { eventTimes } from '../../bench/load/streams.ts'
import { readOptions } from '../../bench/options.ts'
import { cpuSeconds, residentMiB } from '../../bench/proc.ts'

describe('parseWrk', () => {
  const summary = '{"requests":1000,"durationUs":2000000,"p50Us":1500,"p99Us":9250,"refused":3,"broken":1}'

  it('finds the summary among the lines of wrk', () => {
    expect(parseWrk(`Running 2s test\nRequests/sec: 500.00\n${summary}\n`)).toEqual({
      requests: 1000,
      seconds: 2,
      p50Ms: 1.5,
      p99Ms: 9.25,
      refused: 3,
      broken: 1,
    })
  })

  it('fails where there is none, or one that lacks a figure', () => {
    expect(() => parseWrk('unable to connect')).toThrow('no summary')
    expect(() => parseWrk('{"requests":1000}')).toThrow('no durationUs')
  })
})

describe('cpuSeconds', () => {
  it('adds user and system time, whatever the process is called', () => {
    const after = 'S 1 1 1 0 -1 4194560 100 0 0 0 250 50 7 7 20 0'
    expect(cpuSeconds(`42 (node) ${after}`)).toBe(3)
    expect(cpuSeconds(`42 (a) b (c) ${after}`)).toBe(3)
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

describe('messageLength', () => {
  it('counts head and body', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
    expect(messageLength(Buffer.from(`${head}hel`))).toBe(head.length + 5)
  })

  it('refuses an answer that is no success, and one that does not tell its length', () => {
    expect(() => messageLength(Buffer.from('HTTP/1.1 429 No\r\nContent-Length: 5\r\n\r\n'))).toThrow('429')
    expect(() => messageLength(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'))).toThrow('chunked')
  })
})

describe('eventTimes', () => {
  it('reads every event of a chunk', () => {
    expect(eventTimes('data: 12\n\ndata: 13\n\n')).toEqual([12n, 13n])
    expect(eventTimes(': ping\n\n')).toEqual([])
  })
})

describe('readOptions', () => {
  it('runs every case over five rounds of three seconds', () => {
    const options = readOptions([])
    expect(options).toMatchObject({ quick: false, start: true, rounds: 5, seconds: 3, baseline: null })
    expect(options.cases).toContain('get-1k')
    expect(options.cases).not.toContain('start')
  })

  it('takes cases by name, in the order of the table', () => {
    const options = readOptions(['--only', 'cached', '--only', 'get-1k', '--rounds', '2', '--seconds', '4'])
    expect(options).toMatchObject({ cases: ['get-1k', 'cached'], start: false, rounds: 2, seconds: 4 })
  })

  it('says what is wrong', () => {
    expect(() => readOptions(['--only', 'get-2k'])).toThrow('no case get-2k')
    expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds takes a number')
    expect(() => readOptions(['--seconds', '1.5'])).toThrow('--seconds takes a number')
    expect(() => readOptions(['--fast'])).toThrow('--fast')
  })
})
