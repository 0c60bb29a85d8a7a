import { closeSync, openSync } from 'node:fs'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { bufferedWriter, fileSink, type LineSink, streamSink } from '../../../src/entry/node/buffered-writer.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('bufferedWriter', () => {
  it('writes the lines of one turn at once, in order', async () => {
    const written: string[] = []
    const sink: LineSink = {
      write(text, done) {
        written.push(text)
        done()
      },
    }
    const output = bufferedWriter(sink)
    output.write('a\n')
    output.write('b\n')
    await nextTurn()
    output.write('c\n')
    await output.flush()
    expect(written).toEqual(['a\nb\n', 'c\n'])
    expect(output.dropped()).toBe(0)
  })

  it('keeps no more than its bound for a pipe that nobody reads, and ends its last flush', async () => {
    let kept = 0
    const nobody: LineSink = {
      write(text) {
        kept += text.length
      },
    }
    const output = bufferedWriter(nobody, { maxLength: 1000, flushMs: 1 })
    for (let i = 0; i < 100; i++) {
      output.write(`${'x'.repeat(99)}\n`)
      if (i % 3 === 0) await nextTurn()
    }
    await output.flush()
    expect(kept).toBe(1000)
    expect(output.dropped()).toBe(90)
  })

  it('takes lines again once the reader goes on', async () => {
    const waiting: Array<() => void> = []
    const output = bufferedWriter({ write: (_text, done) => void waiting.push(done) }, { maxLength: 10 })
    output.write('123456789\n')
    await nextTurn()
    output.write('lost\n')
    for (const done of waiting.splice(0)) done()
    output.write('kept\n')
    await nextTurn()
    expect(waiting).toHaveLength(1)
    expect(output.dropped()).toBe(1)
  })

  it('counts what a dead pipe loses, without an unhandled error', async () => {
    const pipe = new PassThrough()
    const output = bufferedWriter(streamSink(pipe))
    pipe.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    for (const line of ['a\n', 'b\n']) output.write(line)
    await output.flush()
    expect(output.dropped()).toBe(2)
  })

  it('counts the lines of a write that failed later', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => setImmediate(() => done(new Error('ENOSPC'))) })
    const output = bufferedWriter(streamSink(failing))
    for (const line of ['a\n', 'b\n', 'c\n']) output.write(line)
    await output.flush()
    expect(output.dropped()).toBe(3)
  })

  it('survives a full disk', async () => {
    const full = openSync('/dev/full', 'w')
    const output = bufferedWriter(fileSink(full))
    output.write('a\n')
    await output.flush()
    closeSync(full)
    expect(output.dropped()).toBe(1)
  })
})
