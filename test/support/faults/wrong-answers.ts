/** Answers that are wrong in their bytes: each is written at once, and the connection stays open unless it says so. */
import type { Fault, Faults } from './fault.ts'

export interface WrongAnswer {
  bytes: string
  /** Closes the connection behind the bytes. */
  thenClose?: boolean
}

const head = (...fields: string[]) => ['HTTP/1.1 200 OK', ...fields, '', ''].join('\r\n')
const status = (line: string) => `${line}\r\ncontent-length: 2\r\n\r\nok`
const filled = (name: string, length: number) => `${name}: ${'f'.repeat(length)}`
const fiveBytes = 'content-length: 5'
const chunked = 'transfer-encoding: chunked'

export const wrongAnswers = {
  'length-too-long': { bytes: `${head('content-length: 1000')}short`, thenClose: true },
  'length-too-short': { bytes: `${head(fiveBytes)}exactand more than was announced` },
  'length-and-chunked': { bytes: `${head(fiveBytes, chunked)}5\r\nhello\r\n0\r\n\r\n` },
  'chunked-twice': { bytes: `${head('transfer-encoding: chunked, chunked')}5\r\nhello\r\n0\r\n\r\n` },
  'unknown-encoding': { bytes: `${head('transfer-encoding: rot13')}hello`, thenClose: true },
  'malformed-chunk': { bytes: `${head(chunked)}5\r\nhello\r\nzz\r\nhello\r\n0\r\n\r\n` },
  'malformed-first-chunk': { bytes: `${head(chunked)}zz\r\nhello\r\n0\r\n\r\n` },
  'chunk-overflow': { bytes: `${head(chunked)}fffffffffffffffff\r\nhello\r\n0\r\n\r\n` },
  'cut-chunk': { bytes: `${head(chunked)}5\r\nhello\r\n`, thenClose: true },
  'huge-header': { bytes: `${head(filled('x-huge', 70_000), fiveBytes)}hello` },
  'many-headers': {
    bytes: `${head(...Array.from({ length: 10_000 }, (_, index) => `x-${index}: v`), fiveBytes)}hello`,
  },
  garbage: { bytes: '\u0000\u0001 this is not HTTP\r\n\r\n' },
  'bare-lf': { bytes: 'HTTP/1.1 200 OK\ncontent-length: 5\n\nhello' },
  'nul-in-header': { bytes: `${head('x-nul: a\u0000b', fiveBytes)}hello` },
  'delete-in-header': { bytes: `${head('x-delete: a\u007fb', fiveBytes)}hello` },
  'bare-cr-in-header': { bytes: `${head('x-cr: a\rb', fiveBytes)}hello` },
  'space-before-colon': { bytes: `${head('x-space : a', fiveBytes)}hello` },
  'no-colon': { bytes: `${head('this line has none', fiveBytes)}hello` },
  'obs-fold': { bytes: `${head('x-folded: a\r\n b', fiveBytes)}hello` },
  'negative-length': { bytes: `${head('content-length: -5')}hello` },
  'plus-length': { bytes: `${head('content-length: +5')}hello` },
  'same-length-twice': { bytes: `${head(fiveBytes, fiveBytes)}hello` },
  'two-lengths': { bytes: `${head('content-length: 2', fiveBytes)}hello` },
  'length-list': { bytes: `${head('content-length: 5, 5')}hello` },
  'huge-length': { bytes: `${head('content-length: 99999999999999999999999')}hello`, thenClose: true },
  'status-999': { bytes: status('HTTP/1.1 999 What') },
  'status-600': { bytes: status('HTTP/1.1 600 What') },
  'status-000': { bytes: status('HTTP/1.1 000 What') },
  'status-99': { bytes: status('HTTP/1.1 99 What') },
  'status-word': { bytes: status('HTTP/1.1 abc What') },
  'status-101': { bytes: 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n' },
  'http-0.9': { bytes: '<html>HTTP/0.9 has no head</html>', thenClose: true },
  'http-1.0': { bytes: 'HTTP/1.0 200 OK\r\n\r\nuntil the end', thenClose: true },
  'http-2': { bytes: '\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000\u0064' },
  'http-2-preface': { bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  'body-on-204': { bytes: `HTTP/1.1 204 No Content\r\n${fiveBytes}\r\n\r\nhello` },
  'body-on-304': { bytes: `HTTP/1.1 304 Not Modified\r\n${fiveBytes}\r\n\r\nhello` },
  /** For a HEAD request. */
  'body-on-head': { bytes: `${head(fiveBytes)}hello` },
  'two-answers': { bytes: `${head(fiveBytes)}hello${head(fiveBytes)}other` },
  'set-cookies': { bytes: `${head('set-cookie: a=1; Path=/', 'set-cookie: b=2', fiveBytes)}hello` },
  trailers: { bytes: `${head(chunked, 'trailer: x-late')}5\r\nhello\r\n0\r\nx-late: yes\r\n\r\n` },
  'interim-answers': { bytes: `${'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(50)}${head(fiveBytes)}hello` },
  'empty-chunked': { bytes: `${head(chunked)}0\r\n\r\n` },
} as const satisfies Record<string, WrongAnswer>

export const wrongAnswerFaults: Faults = Object.fromEntries(
  Object.entries<WrongAnswer>(wrongAnswers).map(([name, { bytes, thenClose }]): [string, Fault] => [
    name,
    ({ socket }) => {
      socket.write(Buffer.from(bytes, 'latin1'))
      if (thenClose) socket.end()
    },
  ]),
)
