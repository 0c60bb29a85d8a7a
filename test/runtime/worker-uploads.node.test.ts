/**
 * What workerd itself does with the end of an upload, shown by a Worker of a few lines; docs/platforms.md says what follows
 * for the gateway. When the first test fails, workerd has mended it: drop the rows, and what src/adapters/fetch does
 * about it.
 */
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FaultUpstream, startFaultUpstream } from '../support/fault-upstream.ts'
import { freePort } from '../support/free-port.ts'
import { openSocket } from '../support/raw-http.ts'

const script = `export default {
  fetch(request, { UPSTREAM }) {
    const { pathname, search } = new URL(request.url)
    return fetch(UPSTREAM + pathname + search, { method: 'POST', body: request.body })
  }
}`

let upstream: FaultUpstream
let workerd: Miniflare
let port: number

beforeAll(async () => {
  upstream = await startFaultUpstream()
  port = await freePort()
  const worker = {
    ...{ name: 'relay', modules: true, script, compatibilityDate: '2026-10-01' },
    bindings: { UPSTREAM: upstream.url },
    unsafeDirectSockets: [{ host: '127.0.0.1', port }],
  }
  workerd = new Miniflare(convertV4MiniflareOptions({ host: '127.0.0.1', cf: false, workers: [worker] }))
  await workerd.ready
})
afterAll(async () => {
  await Promise.all([workerd?.dispose(), upstream?.close()])
})

/** A caller that sends the first half of ten bytes, and stays until the upstream's connection says what became of them. */
async function halfOfAnUpload(path: string, framing: string, half: string) {
  const caller = openSocket(`http://127.0.0.1:${port}`)
  let heard = ''
  caller.on('data', (bytes) => {
    heard += bytes
  })
  caller.write(`POST ${path} HTTP/1.1\r\nHost: g\r\n${framing}\r\n\r\n${half}`)
  await expect.poll(() => heard).toContain('early')
  return caller
}

const lastRequest = (path: string) => upstream.requests.findLast(({ target }) => target === path)

it('is ended as if it were whole, without a length, once the upstream has answered', async () => {
  const caller = await halfOfAnUpload('/fault/early', 'Transfer-Encoding: chunked', '5\r\nfirst\r\n')
  await expect.poll(() => lastRequest('/fault/early')?.complete).toBe(true)
  expect(lastRequest('/fault/early')?.body.toString()).toBe('first')
  caller.destroy()
})

it('is not completed with a length, whenever its caller leaves', async () => {
  const caller = await halfOfAnUpload('/fault/early?length', 'Content-Length: 10', 'first')
  const mine = () => upstream.connections.find(({ requests }) => requests.at(-1)?.target === '/fault/early?length')
  caller.destroy()
  await expect.poll(() => mine()?.open).toBe(false)
  expect(mine()?.requests.at(-1)).toMatchObject({ complete: false })
})
