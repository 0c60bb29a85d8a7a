/** Acts whose process is killed: each that began is in the audit, and no window of the embedded madre is without its act. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ActList } from '../../src/features/audit/acts/schema.ts'
import { type Gateway, runtimes, startNodeGateway } from '../support/gateways.ts'

const actsOf = async (gateway: Gateway, query: string) =>
  v.parse(ActList, await (await gateway.fetch(`/operator/api/audit/acts?limit=200&${query}`)).json()).acts

const change = (gateway: Gateway, path: string, correlationId: string, body: object) =>
  gateway.fetch(path, {
    method: 'POST',
    headers: { 'x-correlation-id': correlationId },
    body: JSON.stringify(body),
  })

/** A madre that takes a change and never answers it. */
async function startSilentMadre() {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    if (request.method === 'POST') resolve()
    else response.setHeader('content-type', 'application/json').end('{"status":"ok","policy":"solo_madre"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

describe.each(runtimes)('an act that another module does, on %s', (_runtime, start) => {
  it('is in the audit as attempted when the gateway is killed in it', async () => {
    const madre = await startSilentMadre()
    const gateway = await start({ MADRE_URL: madre.url, LOG_LEVEL: 'warn' })
    try {
      const body = { services: ['switch'], ttl_sec: 60 }
      const answer = change(gateway, '/operator/api/window/open', 'killed-in-it', body).catch(() => null)
      await madre.asked
      await gateway.restart('SIGKILL')
      await answer
      expect(await actsOf(gateway, 'act=window')).toMatchObject([
        { act: 'window.open', outcome: 'attempted', principal: 'link', correlation_id: 'killed-in-it', error: null },
      ])
    } finally {
      await gateway.stop()
      madre.close()
    }
  })
})

describe('windows of the embedded madre, killed again and again', () => {
  it('have each one act, one event and one row of power_events', async () => {
    const gateway = await startNodeGateway({
      ...{ MADRE_URL: 'embedded', VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' },
    })
    try {
      let isOver = false
      let made = 0
      const changing = (async () => {
        for (let nth = 0; !isOver; nth++) {
          const [verb, body] = nth % 2 === 0 ? ['open', { services: ['switch'], ttl_sec: 600 }] : ['close', {}]
          const path = `/operator/api/window/${verb}`
          const answer = await change(gateway, path, `w-${nth}`, body as object).catch(() => wait(20))
          if (answer?.status === 200) made++
        }
      })()
      for (let kill = 0; kill < 4; kill++) {
        const enough = made + 3 + kill
        await expect.poll(() => made, { interval: 5 }).toBeGreaterThanOrEqual(enough)
        await gateway.restart('SIGKILL')
      }
      isOver = true
      await changing
      const events = await gateway.fetch(
        '/operator/api/events?type=gateway.window.opened,gateway.window.closed&limit=1000',
      )
      const told = ((await events.json()) as { events: { correlation_id: string }[] }).events
      const done = await actsOf(gateway, 'act=window&outcome=done')
      const ids = (rows: readonly { correlation_id: string }[]) => rows.map((row) => row.correlation_id).toSorted()
      expect(done.length).toBeGreaterThan(4)
      expect(ids(done)).toEqual(ids(told))
      for (const id of ids(done).slice(0, 3)) {
        const timeline = await (await gateway.fetch(`/operator/api/events/correlations/${id}`)).json()
        const { entries } = timeline as { entries: { kind: string; action?: string }[] }
        expect(entries.filter(({ kind, action }) => kind === 'window' && action !== undefined)).toHaveLength(1)
      }
    } finally {
      await gateway.stop()
    }
  })
})
