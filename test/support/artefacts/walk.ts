/** A walk through a gateway as its operator takes it, over one upstream: what a broken package would break first. */
import { expect } from 'vitest'
import { startEndlessUpstream } from '../endless-upstream.ts'
import type { Gateway } from '../gateways.ts'
import { sseReader } from '../sse-reader.ts'
import { connect } from '../websocket-client.ts'

export type Upstream = Awaited<ReturnType<typeof startEndlessUpstream>>
export const startUpstream = startEndlessUpstream

export async function walk(gateway: Gateway, upstream: Upstream): Promise<void> {
  await readPages(gateway)
  const { id, key } = await made(gateway)
  const headers = { 'x-vx11-token': key }
  const events = sseReader(await fetch(`${gateway.url}/operator/api/events/stream?type=walk.taken`, { headers }))
  const proxied = sseReader(await fetch(`${gateway.url}/shub/stream`, { headers }))
  expect(await proxied.next()).toEqual({ data: 'first' })
  const socket = await connect(`${gateway.url}/shub/socket`, { headers })
  socket.socket.send('hello')
  expect(await socket.next()).toBe('hello')
  await postEvent(gateway)
  expect(await events.message()).toMatchObject({ data: expect.stringContaining('walk.taken') })
  expect((await gateway.fetch(`/operator/api/keys/${id}`, { method: 'DELETE' })).status).toBe(200)
  expect((await socket.closed)[0]).toBe(1008)
  await expect.poll(() => upstream.open()).toBe(0)
  await openWindow(gateway)
  await chat(gateway)
}

async function readPages({ url }: Gateway): Promise<void> {
  const paths = ['/livez', '/readyz', '/operator/ui/', '/docs', '/docs/try', '/openapi.json', '/vx11/status']
  const statuses = await Promise.all(paths.map(async (path) => (await fetch(url + path)).status))
  expect(Object.fromEntries(paths.map((path, nth) => [path, statuses[nth]]))).toEqual(
    Object.fromEntries(paths.map((path) => [path, 200])),
  )
}

async function made(gateway: Gateway): Promise<{ id: string; key: string }> {
  const body = JSON.stringify({ name: 'walk', scopes: ['operator', 'shub'] })
  const answer = await gateway.fetch('/operator/api/keys', { method: 'POST', body })
  expect(answer.status).toBe(201)
  return (await answer.json()) as { id: string; key: string }
}

async function postEvent(gateway: Gateway): Promise<void> {
  const body = JSON.stringify({ source: 'walk', type: 'walk.taken', payload: {} })
  expect((await gateway.fetch('/events/ingest', { method: 'POST', body })).status).toBe(200)
}

async function openWindow(gateway: Gateway): Promise<void> {
  const body = JSON.stringify({ services: ['switch'], ttl_sec: 60 })
  const opened = await gateway.fetch('/operator/power/window/open', { method: 'POST', body })
  expect({ status: opened.status, body: await opened.json() }).toMatchObject({ status: 200 })
}

async function chat(gateway: Gateway): Promise<void> {
  const answer = await gateway.fetch('/operator/api/chat', {
    method: 'POST',
    body: JSON.stringify({ message: 'what is up?' }),
  })
  expect(answer.status).toBe(200)
  expect(((await answer.json()) as { response: string }).response).not.toBe('')
}

/** The events of walks, which a restart must keep. */
export async function walksKept(gateway: Gateway): Promise<number> {
  const answer = await gateway.fetch('/operator/api/events?type=walk.taken')
  return ((await answer.json()) as { events: unknown[] }).events.length
}
