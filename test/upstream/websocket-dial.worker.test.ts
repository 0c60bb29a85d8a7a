/** Opening WebSockets with workerd's fetch: what a failure is called. The WebSocket itself: test/runtime. */
import { expect, it } from 'vitest'
import { workerDialer } from '../../src/adapters/websocket-worker/dial.ts'
import type { WebSocketInit } from '../../src/ports/index.ts'

const init: WebSocketInit = {
  headers: { 'x-own': 'kept' },
  protocols: ['a', 'b'],
  limits: { connectMs: 20, firstByteMs: 20, idleMs: 20 },
}

/** An upstream in this isolate that agrees, and says what it heard. */
const agreeing = (protocol?: string) => {
  const heard: string[] = []
  const call = async (_url: string, { headers }: RequestInit) => {
    heard.push(...[...(headers as Headers)].map(([name, value]) => `${name}: ${value}`))
    const pair = new WebSocketPair()
    pair[1].binaryType = 'arraybuffer'
    pair[1].accept()
    pair[1].addEventListener('message', ({ data }) => pair[1].send(data))
    pair[1].addEventListener('close', ({ code }) => {
      heard.push(`closed ${code}`)
    })
    return new Response(null, {
      status: 101,
      webSocket: pair[0],
      headers: protocol ? { 'sec-websocket-protocol': protocol } : {},
    })
  }
  return { heard, call }
}

it('asks for an upgrade with the sub-protocols, and gives the choice', async () => {
  const { heard, call } = agreeing('b')
  const answer = await workerDialer(call)('http://shub.test/', init)
  expect(heard).toEqual(['sec-websocket-protocol: a, b', 'upgrade: websocket', 'x-own: kept'])
  if (!('peer' in answer)) throw new Error('refused')
  expect(answer.protocol).toBe('b')
  const echoed = new Promise((resolve) => answer.peer.listen({ message: resolve, closed: resolve, alive: () => {} }))
  answer.peer.send(new Uint8Array([1, 2]))
  expect(await echoed).toEqual(new Uint8Array([1, 2]))
  answer.peer.terminate()
})

it('takes a choice that nobody offered for broken', async () => {
  await expect(workerDialer(agreeing('c').call)('http://shub.test/', init)).rejects.toMatchObject({
    failure: 'malformed',
  })
})

it('gives up in time, and leaves a WebSocket that opens later', async () => {
  const { heard, call } = agreeing()
  let agree = () => {}
  const waiting = new Promise<void>((resolve) => {
    agree = resolve
  })
  const late = workerDialer(async (url, sent) => {
    await waiting
    return call(url, sent)
  })
  await expect(late('http://shub.test/', init)).rejects.toMatchObject({ failure: 'timeout' })
  agree()
  await expect.poll(() => heard.at(-1)).toBe('closed 1001')
})

it('passes a refusal on as it came', async () => {
  const refuse = async () => new Response('no', { status: 403, headers: { 'x-why': 'policy' } })
  const answer = await workerDialer(refuse)('http://shub.test/', init)
  expect(answer).toMatchObject({ status: 403, headers: { 'x-why': 'policy' } })
})
