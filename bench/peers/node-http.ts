/** The least a proxy in Node can do: node:http's client piped to node:http's server, without a policy. */
import { Agent, request as ask, createServer } from 'node:http'

const upstream = new URL(process.env.UPSTREAM_URL ?? '')
const agent = new Agent({ keepAlive: true, maxSockets: 1024 })

createServer((request, response) => {
  const { method, url: path, headers } = request
  const onward = ask({ host: upstream.hostname, port: upstream.port, method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}).listen(Number(process.env.PORT), '127.0.0.1')
