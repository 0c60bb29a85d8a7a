/** Why a connection failed, in the system's own words: against real servers that refuse in different ways. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../src/adapters/node-http/undici/transport.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { connectUpstreams } from '../../src/upstream/connect.ts'
import { freePort } from '../support/free-port.ts'
import { testApp, tokens } from '../support/test-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'vx11-cause-'))
const network = undiciTransport({ connections: () => 4 })
let plain: http.Server
let secure: https.Server

beforeAll(async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  plain = http.createServer((_request, response) => response.end('{}'))
  secure = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end('{}'),
  )
  for (const server of [plain, secure]) {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  }
})
afterAll(async () => {
  await network.close()
  for (const server of [plain, secure]) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true })
})

const portOf = (server: http.Server | https.Server) => (server.address() as AddressInfo).port

async function reach(url: string) {
  const gateway = testApp({ env: { SHUB_URL: url } })
  const { config, clock, random, log, metrics, announce } = gateway.deps
  const transports = { url: network.transport }
  const connected = connectUpstreams({
    ...{ config, random, log, metrics, announce, transports },
    clock: { ...clock, sleep: systemClock().sleep },
    pause: async () => {},
  })
  const app = testApp({ env: { SHUB_URL: url }, deps: { ...connected, log } })
  for (let i = 0; i < 3; i++) await app.authorized('/shub/status')
  const read = async (path: string, token: string = tokens.operator) =>
    (await app.request(path, { headers: { 'x-vx11-token': token } })).text()
  const breakers = JSON.parse(await read('/vx11/circuit-breaker/status'))
  const lines = gateway.logLines.filter(({ event }) => event === 'upstream_unreachable')
  return { cause: breakers.breakers.shub.cause, lines, publicText: await read('/vx11/status', '') }
}

describe('the cause of a failed connection', () => {
  const cases: [name: string, url: () => string | Promise<string>, code: RegExp][] = [
    ['a certificate that nobody signed', () => `https://localhost:${portOf(secure)}`, /SELF_SIGNED/],
    ['a name that nobody knows', () => 'http://no-such-host.invalid:80', /ENOTFOUND|EAI_AGAIN/],
    ['a port where nobody listens', async () => `http://127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
    ['https to a server of http', () => `https://127.0.0.1:${portOf(plain)}`, /SSL|EPROTO|RESET/],
    ['http to a server of https', () => `http://127.0.0.1:${portOf(secure)}`, /RESET|reset|HPE|malformed|closed/],
  ]

  it.each(cases)('%s: goes to the log, once, and to operators, not to the public', async (_name, url, code) => {
    const { cause, lines, publicText } = await reach(await url())
    expect(cause).toMatchObject({ code: expect.stringMatching(code), complaint: expect.any(String) })
    expect(cause.complaint).not.toMatch(/[\n\r]|\.c:/)
    expect(lines.length).toBeLessThanOrEqual(1)
    if (lines[0]) expect(lines[0]).toMatchObject({ upstream: 'shub', reason: expect.stringContaining(cause.code) })
    expect(publicText).not.toContain(cause.complaint)
    expect(publicText).not.toMatch(/ECONNREFUSED|SELF_SIGNED|ENOTFOUND|SSL/)
  })
})
