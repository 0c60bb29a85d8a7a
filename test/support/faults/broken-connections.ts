/** Faults of pace and of the connection itself: silence, slowness, cuts, resets, bodies without end. */
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { FaultContext, Faults } from './fault.ts'

const chunkedHead = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
const lengthHead = (bytes: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`

/** Long enough that what was written before has been read and passed on. */
const aMoment = 40

const half = 'half'.repeat(1000)
const piece = Buffer.alloc(65_536, 'e')
const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')])

export const brokenConnections: Faults = {
  silent: () => {},
  'close-at-once': ({ socket }) => socket.end(),
  'reset-at-once': ({ socket }) => socket.resetAndDestroy(),
  'slow-headers': (context) => trickle(context, 'HTTP/1.1 200 OK\r\nx-slow: '.padEnd(10_000, 's'), 25),
  'interim-flood': (context) =>
    pour(context, Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(500))),
  'header-flood': (context) => {
    context.socket.write('HTTP/1.1 200 OK\r\n')
    return pour(context, Buffer.from('x-flood: and one more\r\n'.repeat(500)))
  },
  drip: (context) => {
    context.socket.write(lengthHead(10))
    return trickle(context, 'drip, drop', 10)
  },
  /** Twenty events, each of which says when it left, in milliseconds since the epoch. */
  'timed-events': async (context) => {
    context.socket.write(chunkedHead.replace('transfer', 'content-type: text/event-stream\r\ntransfer'))
    for (let count = 0; count < 20; count++) {
      const event = `data: ${performance.timeOrigin + performance.now()}\n\n`
      await pacedWrite(context, `${event.length.toString(16)}\r\n${event}\r\n`, 10)
    }
    context.socket.write('0\r\n\r\n')
  },
  'drip-chunks': async (context) => {
    context.socket.write(chunkedHead)
    for (const letter of 'drip') await pacedWrite(context, `1\r\n${letter}\r\n`, 10)
    context.socket.write('0\r\n\r\n')
  },
  'stall-in-body': ({ socket }) => socket.write(`${lengthHead(1_000_000)}${half}`),
  'stall-in-chunks': ({ socket }) => socket.write(`${chunkedHead}${half.length.toString(16)}\r\n${half}\r\n`),
  'cut-body': (context) => breakOff(context, `${lengthHead(1_000_000)}${half}`, () => context.socket.end()),
  'cut-chunks': (context) =>
    breakOff(context, `${chunkedHead}${half.length.toString(16)}\r\n${half}\r\n`, () => context.socket.end()),
  'cut-in-chunk': (context) => breakOff(context, `${chunkedHead}ffff\r\n${half}`, () => context.socket.end()),
  'reset-body': (context) =>
    breakOff(context, `${lengthHead(1_000_000)}${half}`, () => context.socket.resetAndDestroy()),
  'reset-chunks': (context) =>
    breakOff(context, `${chunkedHead}${half.length.toString(16)}\r\n${half}\r\n`, () =>
      context.socket.resetAndDestroy(),
    ),
  'reset-until-close': (context) =>
    breakOff(context, `HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${half}`, () => context.socket.resetAndDestroy()),
  'late-malformed-chunk': (context) =>
    breakOff(context, `${chunkedHead}${half.length.toString(16)}\r\n${half}\r\n`, () =>
      context.socket.write('zz\r\nhello\r\n0\r\n\r\n'),
    ),
  endless: (context) => {
    context.socket.write(chunkedHead)
    return pour(context, chunk)
  },
  'endless-until-close': (context) => {
    context.socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
    return pour(context, piece)
  },
}

/** These act as soon as the header section is there, and do not wait for the body. */
export const earlyFaults: Faults = {
  /** The answer is complete before the body is, which the upstream goes on to read. */
  early: ({ socket }) => socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 5\r\n\r\nearly'),
  'early-close': ({ socket }) =>
    socket.end('HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 5\r\n\r\nearly'),
  'reset-upload': ({ socket }) => socket.resetAndDestroy(),
  /** Reads nothing for `?ms=` milliseconds; the request is then answered like any other. */
  deaf: async ({ socket, request }) => {
    socket.pause()
    await wait(Number(/[?&]ms=(\d+)/.exec(request.target)?.[1] ?? 0))
    socket.resume()
  },
}

async function trickle(context: FaultContext, text: string, everyMs: number) {
  for (const letter of text) await pacedWrite(context, letter, everyMs)
}

/** Stops by itself when the other side has left. */
async function pacedWrite({ socket, wrote }: FaultContext, text: string, everyMs: number) {
  if (socket.destroyed) throw new Error('left')
  socket.write(text)
  wrote(text.length)
  await wait(everyMs)
}

async function breakOff({ socket }: FaultContext, beginning: string, end: () => unknown) {
  socket.write(beginning)
  await wait(aMoment)
  end()
}

/** Writes for as long as the other side reads. */
async function pour({ socket, wrote }: FaultContext, bytes: Buffer) {
  while (!socket.destroyed) {
    wrote(bytes.length)
    if (!socket.write(bytes)) await roomOrEnd(socket)
    else await wait(0)
  }
}

/** Resolves when the socket takes more, or never will again. */
export const roomOrEnd = (socket: Socket) =>
  new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
