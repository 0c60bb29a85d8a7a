/** Ambiguous or malformed requests, byte by byte, with the expected outcome of each. */

/**
 * `refused`: nothing whole reaches the upstream, and the caller gets a 4xx or a closed connection. `passes`: exactly
 * one unambiguous request reaches it. `passes as it is`: the same, with the oddity still in it. `answered`: by the
 * gateway itself, for another path than the one that was written.
 */
export type Verdict = 'refused' | 'passes' | 'passes as it is' | 'answered'

export interface OddRequest {
  name: string
  node: Verdict
  workerd: Verdict
  bytes: string
  method: string
  /** The upstream's view, when the request travels on. */
  target: string
  body: string
  /** What Node's refusal says. */
  status: number
}

interface Shape {
  method?: string
  target?: string
  version?: string
  /** Sent as it is in the place of `Host: gateway.test`; null sends none. */
  host?: string | null
  headers?: readonly string[]
  lineEnd?: string
  payload?: string
  /** What the upstream should get; empty by default. */
  body?: string
  upstreamTarget?: string
  status?: number
}

type Verdicts = Verdict | readonly [node: Verdict, workerd: Verdict]
type Row = readonly [name: string, verdicts: Verdicts, shape: Shape]

/** Must never be seen as a request of its own. */
export const smuggledTarget = '/smuggled'

export function oddRequests(token: string): OddRequest[] {
  const smuggled = `GET /shub${smuggledTarget} HTTP/1.1\r\nHost: gateway.test\r\nX-VX11-Token: ${token}\r\n\r\n`
  const rows: Row[] = [
    ...framings(smuggled),
    ...lengths(smuggled),
    ...chunks(),
    ...headers(smuggled),
    ...hosts(),
    ...targets(),
    ...requestLines(),
    ...expectations(),
  ]
  return rows.map(([name, verdicts, shape]) => {
    const [node, workerd] = typeof verdicts === 'string' ? [verdicts, verdicts] : verdicts
    const { method = 'GET', target = '/shub/ok', body = '', status = 400 } = shape
    const upstreamTarget = shape.upstreamTarget ?? target.replace(/^\/shub/, '')
    const bytes = write(shape, token)
    return { name, node, workerd, bytes, method, target: upstreamTarget, body, status }
  })
}

function write({ method = 'GET', target = '/shub/ok', version = 'HTTP/1.1', ...shape }: Shape, token: string): string {
  const { host = 'Host: gateway.test', headers = [], lineEnd = '\r\n', payload = '' } = shape
  const lines = [`${method} ${target} ${version}`, ...(host === null ? [] : [host]), `X-VX11-Token: ${token}`]
  return [...lines, ...headers, '', payload].join(lineEnd)
}

const POST = (headers: readonly string[], payload: string, more: Shape = {}): Shape => ({
  method: 'POST',
  headers,
  payload,
  ...more,
})

/** A reader that goes by the length sees one request; one that goes by the chunks sees a second behind it. */
function framings(smuggled: string): Row[] {
  const payload = `0\r\n\r\n${smuggled}`
  const both = (line: string): Shape => POST([`Content-Length: ${payload.length}`, line], payload)
  const hello = (...lines: string[]): Shape => POST(lines, '5\r\nhello\r\n0\r\n\r\n', { body: 'hello' })
  return [
    ['Content-Length before chunks', ['refused', 'passes'], both('Transfer-Encoding: chunked')],
    [
      'chunks before Content-Length',
      ['refused', 'passes'],
      POST(
        ['Transfer-Encoding: chunked', 'Content-Length: 4'],
        `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
        { body: smuggled },
      ),
    ],
    ['Transfer-Encoding with a space before its colon', 'refused', both('Transfer-Encoding : chunked')],
    ['Transfer-Encoding behind a space', 'refused', both(' Transfer-Encoding: chunked')],
    ['Transfer-Encoding on a folded line', 'refused', both('Transfer-Encoding:\r\n chunked')],
    ['Transfer-Encoding: xchunked', 'refused', both('Transfer-Encoding: xchunked')],
    ['Transfer-Encoding: chunked, identity', 'refused', both('Transfer-Encoding: chunked, identity')],
    ['Transfer-Encoding behind a tab, with a length', ['refused', 'passes'], both('Transfer-Encoding:\tchunked')],
    ['Transfer-Encoding behind a vertical tab', 'refused', both('Transfer-Encoding:\vchunked')],
    ['Transfer-Encoding in quotes', 'refused', both('Transfer-Encoding: "chunked"')],
    ['Transfer-Encoding without a value', 'refused', both('Transfer-Encoding:')],
    ['NUL in the name Transfer-Encoding', 'refused', both('Transfer-Encoding\0: chunked')],
    ['Transfer_Encoding, which is another name', 'passes', { ...both('Transfer_Encoding: chunked'), body: payload }],
    ['Transfer-Encoding: CHUNKED', 'passes', hello('Transfer-Encoding: CHUNKED')],
    ['Transfer-Encoding behind a tab', 'passes', hello('Transfer-Encoding:\tchunked')],
    ['an unknown coding alone', 'refused', hello('Transfer-Encoding: identity')],
    ['an unknown coding under the chunks', ['refused', 'passes'], hello('Transfer-Encoding: gzip, chunked')],
    ['two codings on two lines', ['refused', 'passes'], hello('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked')],
    ['chunked twice', ['refused', 'passes'], hello('Transfer-Encoding: chunked, chunked')],
    ['chunked on two lines', ['refused', 'passes'], hello('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['chunked, then something else', 'refused', hello('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')],
    ['chunks in HTTP/1.0', 'refused', { ...hello('Transfer-Encoding: chunked'), version: 'HTTP/1.0' }],
  ]
}

function lengths(smuggled: string): Row[] {
  const bad = ['+5', '-5', '0x5', '5,5', '5, 5', '5 5', '', '5.0', '5e0', '99999999999999999999', '5\0', '5\v', '٥']
  const hello = (...lines: string[]): Shape => POST(lines, 'hello', { body: 'hello' })
  const behind = (line: string): Shape =>
    POST([line, `Content-Length: ${smuggled.length}`], smuggled, { body: smuggled })
  return [
    ...bad.map(
      (value): Row => [`Content-Length: ${JSON.stringify(value)}`, 'refused', hello(`Content-Length: ${value}`)],
    ),
    ['Content-Length: 05', 'passes', hello('Content-Length: 05')],
    ['spaces around Content-Length', 'passes', hello('Content-Length:   5  ')],
    ['two different lengths', 'refused', hello('Content-Length: 5', 'Content-Length: 6')],
    ['one length twice', ['refused', 'passes'], hello('Content-Length: 5', 'Content-Length: 5')],
    ['a body behind a GET', 'refused', { headers: [`Content-Length: ${smuggled.length}`], payload: smuggled }],
    ['a body behind a HEAD', 'refused', { ...behind('X-A: b'), method: 'HEAD' }],
    ['a body behind a DELETE', 'passes', { ...hello('Content-Length: 5'), method: 'DELETE' }],
    ['a request in a body', 'passes', behind('X-A: b')],
    ['Connection that names Content-Length', 'passes', behind('Connection: content-length')],
    [
      'Connection that names Transfer-Encoding and Host',
      'passes',
      POST(['Connection: transfer-encoding, host', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n', {
        body: 'hello',
      }),
    ],
    ['garbage behind the body', 'passes', { ...hello('Content-Length: 5'), payload: 'hellogarbage\r\n\r\n' }],
    ['an empty line behind the body', 'passes', { ...hello('Content-Length: 5'), payload: 'hello\r\n' }],
    [
      'a length behind more header fields than Node keeps',
      ['refused', 'passes'],
      {
        ...POST([...Array.from({ length: 2100 }, () => 'a:'), `Content-Length: ${smuggled.length}`], smuggled),
        body: smuggled,
        status: 431,
      },
    ],
  ]
}

function chunks(): Row[] {
  const row = (name: string, verdicts: Verdicts, payload: string, status = 400): Row => [
    name,
    verdicts,
    POST(['Transfer-Encoding: chunked'], payload, { body: 'hello', status }),
  ]
  const size = (value: string, verdicts: Verdicts): Row =>
    row(`chunk size ${JSON.stringify(value)}`, verdicts, `${value}\r\nhello\r\n0\r\n\r\n`)
  return [
    ...['0x5', '+5', '-5', ' 5', 'five', '', 'fffffffffffffffff5', '10000000000000005'].map((value) =>
      size(value, 'refused'),
    ),
    ...['5 ', '5\t', '5;'].map((value) => size(value, ['refused', 'passes'])),
    size('05', 'passes'),
    row('a chunk extension', 'passes', '5;a=b\r\nhello\r\n0\r\n\r\n'),
    row('a line end in a quoted extension', ['refused', 'passes'], '5;a="\r\nhello\r\n0\r\n\r\n'),
    row('a control character in an extension', ['refused', 'passes'], '5;a\0b\r\nhello\r\n0\r\n\r\n'),
    row('a bare LF in an extension', 'refused', '5;a\nhello\r\n0\r\n\r\n'),
    row('100 KiB of extension', 'refused', `5;a=${'b'.repeat(102_400)}\r\nhello\r\n0\r\n\r\n`, 413),
    row('more data than the chunk says', 'refused', '5\r\nhello world\r\n0\r\n\r\n'),
    row('less data than the chunk says', 'refused', '9\r\nhello\r\n0\r\n\r\n'),
    row('bare LF between chunks', 'refused', '5\nhello\n0\n\n'),
    row('bare LF behind a chunk', 'refused', '5\r\nhello\n0\r\n\r\n'),
    row('bare CR between chunks', 'refused', '5\rhello\r0\r\r'),
    row('trailers', 'passes', '5\r\nhello\r\n0\r\nX-Late: yes\r\n\r\n'),
    row('Content-Length as a trailer', ['refused', 'passes'], '5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n'),
  ]
}

function headers(smuggled: string): Row[] {
  const withLine = (line: string, status = 400): Shape => ({ headers: [line], status })
  return [
    ['a folded header', 'refused', withLine('X-A: a\r\n b')],
    ['a header folded with a tab', 'refused', withLine('X-A: a\r\n\tb')],
    ['bare LF line ends', ['refused', 'passes'], { lineEnd: '\n' }],
    [
      'a bare LF before Content-Length',
      ['refused', 'passes'],
      POST([`X-A: b\nContent-Length: ${smuggled.length}`], smuggled, { body: smuggled }),
    ],
    ['bare CR line ends', 'refused', { lineEnd: '\r', payload: '\r\n\r\n' }],
    ['a bare CR in a value', 'refused', withLine('X-A: b\rX-C: d')],
    ['two CR before a LF', 'refused', withLine('X-A: b\r\r\nX-C: d')],
    ['a space before the colon', 'refused', withLine('X-A : b')],
    ['a control character in a name', 'refused', withLine('X-\x01A: b')],
    ['NUL in a name', 'refused', withLine('X-\0A: b')],
    ['a name beyond ASCII', 'refused', withLine('X-\xe9: b')],
    ['no name', 'refused', withLine(': b')],
    ['no colon', 'refused', withLine('X-A')],
    ['NUL in a value', 'refused', withLine('X-A: b\0c')],
    ['a control character in a value', 'refused', withLine('X-A: b\x01c')],
    ['DEL in a value', 'refused', withLine('X-A: b\x7fc')],
    ['a value beyond ASCII', 'passes', withLine('X-A: b\xe9c')],
    ['encoded line ends in a value', 'passes', withLine('X-A: b%0d%0aX-C: d')],
    ['a header of 100 KiB', ['refused', 'passes'], withLine(`X-A: ${'a'.repeat(102_400)}`, 431)],
    [
      '10 000 headers',
      ['refused', 'passes'],
      { headers: Array.from({ length: 10_000 }, (_, index) => `x-${index}: v`), status: 431 },
    ],
  ]
}

function hosts(): Row[] {
  const host = (line: string | null): Shape => ({ host: line })
  return [
    ['Host twice', 'refused', { headers: ['Host: gateway.test'] }],
    ['two Hosts', 'refused', { headers: ['Host: other.test'] }],
    ['no Host', 'refused', host(null)],
    ['an empty Host', 'refused', host('Host:')],
    ['Host with a path', ['refused', 'answered'], host('Host: a/b')],
    ['Host with a query', ['refused', 'answered'], host('Host: a?b')],
    ['Host with a fragment', ['refused', 'answered'], host('Host: a#b')],
    ['Host with userinfo', ['refused', 'passes'], host('Host: u@a')],
    ['Host with a space', 'refused', host('Host: a b')],
    ['Host with a port that is none', 'refused', host('Host: a:b')],
    ['HTTP/1.0 without a Host', ['passes', 'refused'], { host: null, version: 'HTTP/1.0' }],
  ]
}

function targets(): Row[] {
  const target = (text: string, upstreamTarget?: string): Shape => ({
    target: text,
    ...(upstreamTarget !== undefined && { upstreamTarget }),
  })
  const elsewhere = (text: string): Shape => target(text, '/ok')
  return [
    ['absolute-form with the own host', ['refused', 'passes'], elsewhere('http://gateway.test/shub/ok')],
    ['absolute-form with another host', ['refused', 'passes'], elsewhere('http://other.test/shub/ok')],
    ['absolute-form with userinfo', ['refused', 'passes'], elsewhere('http://u:p@gateway.test/shub/ok')],
    ['absolute-form of another scheme', ['refused', 'passes'], elsewhere('ftp://gateway.test/shub/ok')],
    ['a target without its slash', 'refused', target('shub/ok')],
    ['a host as target', 'refused', target('gateway.test/shub/ok')],
    ['@ before a target', 'refused', target('@other.test/shub/ok')],
    ['an empty first segment', 'refused', target('//shub/ok')],
    ['OPTIONS *', 'refused', { method: 'OPTIONS', target: '*' }],
    ['GET *', 'refused', target('*')],
    ['encoded line ends in the path', 'refused', target('/shub/a%0d%0aX:y')],
    ['encoded line ends in the query', 'passes', target('/shub/ok?a=%0d%0aX:y')],
    ['a tab in the path', 'refused', target('/shub/o\tk')],
    ['a space in the path', 'refused', target('/shub/o k')],
    ['NUL in the path', 'refused', target('/shub/o\0k')],
    ['a path beyond ASCII', 'refused', target('/shub/o\xe9k')],
    ['a bare CR in the path', 'refused', target('/shub/o\rk')],
    ['a fragment', ['refused', 'passes'], elsewhere('/shub/ok#f')],
    ['a backslash', ['refused', 'passes'], elsewhere('/shub\\ok')],
    ['dot segments', ['refused', 'answered'], target('/shub/../health')],
    ['encoded dot segments', ['refused', 'answered'], target('/shub/%2e%2e/health')],
    ['15 KiB of path', 'passes', target(`/shub/${'a'.repeat(15_000)}`)],
    ['100 KiB of path', 'refused', { ...target(`/shub/${'a'.repeat(102_400)}`), status: 431 }],
    ['100 KiB of query', 'refused', { ...target(`/shub/ok?${'a'.repeat(102_400)}`), status: 431 }],
  ]
}

function requestLines(): Row[] {
  const versions = [
    'HTTP/0.9',
    'HTTP/1',
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/3.0',
    'HTTP/01.1',
    'http/1.1',
    'HTTP/1.1x',
    'HTTP/1.1 HTTP/1.1',
  ]
  return [
    ...versions.map((version): Row => [`version ${version}`, 'refused', { version }]),
    ...['get', 'Get', 'NONE', 'A'.repeat(1000)].map(
      (method): Row => [`method ${method.slice(0, 8)}`, 'refused', { method }],
    ),
    ['two spaces behind the method', ['passes', 'refused'], { method: 'GET ' }],
    ['CONNECT to an authority', 'refused', { method: 'CONNECT', target: 'other.test:80' }],
    ['CONNECT with a path', 'refused', { method: 'CONNECT' }],
    ['TRACE, which would show what only the upstream is told', 'refused', { method: 'TRACE', status: 405 }],
    [
      'Upgrade: h2c',
      'passes',
      { headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'] },
    ],
    ['Upgrade to anything', 'passes', { headers: ['Connection: Upgrade', 'Upgrade: tea/1.0'] }],
  ]
}

function expectations(): Row[] {
  const expecting = (value: string): Shape =>
    POST([`Expect: ${value}`, 'Content-Length: 5'], 'hello', { body: 'hello', status: 417 })
  return [
    ['Expect: 100-continue', 'passes', expecting('100-continue')],
    ['an unknown expectation', ['refused', 'passes'], expecting('tea')],
  ]
}
