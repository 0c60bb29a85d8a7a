/** The example of VX11_TOKENS in docs/configuration.md does what its names say. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { testApp } from '../support/test-app.ts'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
const example = /## VX11_TOKENS[\s\S]*?```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const feederToken = 'the-token-of-the-feeder-of-the-example'
const digest = createHash('sha256').update(feederToken).digest('hex')
const named = example.replace('64 hexadecimal digits', digest)
const consoleToken = /"token": "([^"]+)"/.exec(example)?.[1] ?? ''

const { request } = testApp({ env: { VX11_TOKENS: named } })
const ask = async (token: string, method: string, path: string, body?: object) =>
  (await request(path, { method, headers: { 'x-vx11-token': token }, ...(body && { body: JSON.stringify(body) }) }))
    .status

it('lets the console read, open a window and close it', async () => {
  expect(await ask(consoleToken, 'GET', '/operator/api/events')).toBe(200)
  for (const [path, body] of [
    ['/operator/api/window/open', { services: ['switch'] }],
    ['/operator/api/window/close', undefined],
    ['/operator/api/spawner/submit', { cmd: 'uptime' }],
  ] as const)
    expect([401, 403], path).not.toContain(await ask(consoleToken, 'POST', path, body))
})

it('lets the feeder store events, and nothing else', async () => {
  const event = { source: 'feeder', type: 'note.taken', payload: {} }
  expect(await ask(feederToken, 'POST', '/events/ingest', event)).toBe(200)
  expect(await ask(feederToken, 'GET', '/operator/api/events')).toBe(403)
})
