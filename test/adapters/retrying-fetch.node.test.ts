import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { retryingFetch } from '../../src/adapters/libsql/retrying-fetch.ts'

let server: ReturnType<typeof createServer>
let held: ServerResponse[]
beforeEach(async () => {
  held = []
  server = createServer((_, response) => void held.push(response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const request = (body = 'statement') =>
  new Request(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: 'POST', body })
const nameOf = (sent: Promise<Response>) =>
  sent.then(
    ({ status }) => status,
    ({ name }: Error) => name,
  )

it('sends so many at once, and the others in turn', async () => {
  const send = retryingFetch({ atOnce: 2 })
  const answers = Promise.all([1, 2, 3, 4].map(() => nameOf(send(request()))))
  for (let answered = 0; answered < 4; answered++) {
    await expect.poll(() => held.length).toBe(Math.min(answered + 2, 4))
    held[answered]?.end()
  }
  expect(await answers).toEqual([200, 200, 200, 200])
})

it('refuses at once what is more than may wait, in number and in bytes', async () => {
  const send = retryingFetch({ atOnce: 1, waiting: 2, bytes: 1000, timeoutMs: 60_000 })
  const [first, second] = [nameOf(send(request())), nameOf(send(request('x'.repeat(900))))]
  await expect.poll(() => held.length).toBe(1)
  expect(await nameOf(send(request('x'.repeat(900))))).toBe('OVERLOADED')
  const third = nameOf(send(request()))
  await new Promise((resolve) => setImmediate(resolve))
  expect(await nameOf(send(request()))).toBe('OVERLOADED')
  for (let answered = 0; answered < 3; answered++) {
    await expect.poll(() => held.length).toBe(answered + 1)
    held[answered]?.end()
  }
  expect(await Promise.all([first, second, third])).toEqual([200, 200, 200])
})

it('gives each up when its own time is over, wherever it is, and goes on afterwards', async () => {
  const send = retryingFetch({ atOnce: 1, timeoutMs: 300 })
  // A queue without a deadline would let the fourth wait for four of them.
  const names = await Promise.all([1, 2, 3, 4].map(() => nameOf(send(request()))))
  expect(names).toEqual(Array(4).fill('TimeoutError'))
  expect(held.length).toBeLessThanOrEqual(1)
  server.removeAllListeners('request').on('request', (_, response) => response.end())
  expect(await nameOf(retryingFetch({ atOnce: 1 })(request()))).toBe(200)
})
