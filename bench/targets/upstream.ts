/** The server behind every proxy of the bench: fixed answers from memory, a sink, and streams that tick. */
import { createServer, type ServerResponse } from 'node:http'

const tickMs = 200

const kilobyte = JSON.stringify({ status: 'ok', padding: 'x'.repeat(1024 - 27) })
const health = JSON.stringify({ status: 'healthy', version: '7.0.0', module: 'shub', uptime_seconds: 1234.5 })

const fixed: Record<string, { type: string; body: Buffer }> = {
  '/1k': { type: 'application/json', body: Buffer.from(kilobyte) },
  '/64k': { type: 'application/octet-stream', body: Buffer.alloc(65_536, 'a') },
  '/10m': { type: 'application/octet-stream', body: Buffer.alloc(10 * 2 ** 20, 'a') },
  '/health': { type: 'application/json', body: Buffer.from(health) },
}

const server = createServer((request, response) => {
  const answer = fixed[request.url ?? '']
  if (answer) {
    response.writeHead(200, { 'Content-Type': answer.type, 'Content-Length': answer.body.length })
    response.end(answer.body)
  } else if (request.url === '/sse') {
    tick(response)
  } else if (request.url === '/sink') {
    let received = 0
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    request.on('end', () => answerJson(response, `{"bytes":${received}}`))
  } else {
    response.writeHead(404).end()
  }
})

const answerJson = (response: ServerResponse, text: string) =>
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length }).end(text)

/** Each event says when it was written, on the clock that all processes of a machine share. */
function tick(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const write = () => response.write(`data: ${process.hrtime.bigint()}\n\n`)
  write()
  const timer = setInterval(write, tickMs)
  response.on('close', () => clearInterval(timer))
}

server.keepAliveTimeout = 65_000
server.listen(Number(process.env.PORT), '127.0.0.1')
