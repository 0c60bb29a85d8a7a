/** A process takes a changed file of variables over, under load: nothing fails, and what is open stays open. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handOver } from '../support/artefacts/artefact.ts'
import { type Gateway, startNodeGateway, startWorkerGateway, token } from '../support/gateways.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { sseReader } from '../support/sse-reader.ts'
import { connect } from '../support/websocket-client.ts'

const path = '/operator/api/config/reload'
const stream = '/operator/api/events/stream?type=none'

interface Caller {
  name: string
  token: string
}
const night: Caller = { name: 'night', token: 'token-of-the-night' }
const day: Caller = { name: 'day', token: 'token-of-the-day' }

describe('a reload', () => {
  let folder: string
  let gateway: Gateway
  let shub: Simulator
  const write = (callers: readonly Caller[], more: Record<string, string> = {}) => {
    const VX11_TOKENS = JSON.stringify(callers.map((caller) => ({ ...caller, scopes: ['operator'] })))
    const lines = Object.entries({ VX11_TOKENS, SHUB_URL: shub.url, ...more }).map(
      ([name, value]) => `${name}=${value}`,
    )
    return writeFile(join(folder, 'env'), `${lines.join('\n')}\n`)
  }
  const state = async () => {
    const status = (await (await gateway.fetch('/operator/api/status')).json()) as {
      configuration: { hash: string; last_reload: { outcome: string; problem: string | null } | null }
    }
    return status.configuration
  }
  const as = ({ token }: Caller, at = '/operator/api/whoami') =>
    fetch(gateway.url + at, { headers: { 'x-vx11-token': token } })

  beforeAll(async () => {
    ;[folder, shub] = await Promise.all([mkdtemp(join(tmpdir(), 'reload-')), startShub({ token })])
    await write([night, day])
    handOver(folder)
    const env = { VX11_ENV_FILE: join(folder, 'env'), VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'info' }
    gateway = await startNodeGateway(env)
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), shub?.close()])
    await rm(folder, { recursive: true, force: true })
  })

  it('fails no request, and ends only what the removed token had opened', async () => {
    const streams = await Promise.all([night, day].map(async (caller) => sseReader(await as(caller, stream))))
    const sockets = await Promise.all(
      [night, day].map(({ token }) => connect(`${gateway.url}/ws`, { headers: { 'x-vx11-token': token } })),
    )
    for (const reader of streams) expect(await reader.next()).toMatchObject({ comment: 'connected' })
    let answered = 0
    let isOver = false
    const failures: string[] = []
    const asking = [() => gateway.fetch('/shub/status'), () => as(day), () => gateway.fetch('/vx11/status')].map(
      async (ask) => {
        while (!isOver) {
          const answer = await ask()
          await answer.text()
          if (answer.status !== 200) failures.push(`${answer.url}: ${answer.status}`)
          answered++
        }
      },
    )
    const before = await state()
    for (let nth = 1; nth <= 5; nth++) {
      const enough = answered + 60
      await write([night, day], { VX11_RATE_LIMIT_USER: `${nth}` })
      expect(await (await gateway.fetch(path, { method: 'POST' })).json()).toMatchObject({ status: 'applied' })
      await expect.poll(() => answered).toBeGreaterThan(enough)
    }
    await write([day])
    gateway.process.kill('SIGHUP')
    await expect.poll(async () => (await as(night)).status).toBe(403)
    expect(await streams[0]?.message()).toMatchObject({ event: 'shutdown', data: expect.stringContaining('removed') })
    expect((await sockets[0]?.closed)?.[0]).toBe(1008)
    isOver = true
    await Promise.all(asking)
    expect(failures).toEqual([])
    expect((await state()).hash).not.toBe(before.hash)
    expect(await (await gateway.fetch('/operator/api/audit/acts?principal=signal:SIGHUP')).json()).toMatchObject({
      acts: [{ act: 'config.reload', outcome: 'done', after: { changed: ['VX11_TOKENS', 'VX11_RATE_LIMIT_USER'] } }],
    })
    expect(sockets[1]?.socket.readyState).toBe(WebSocket.OPEN)
    await streams[1]?.cancel()
    sockets[1]?.socket.close()
  })

  it('fails none of three thousand requests that come at a thousand a second', async () => {
    const counts = { sent: 0, answered: 0, reloads: 0 }
    const failures: string[] = []
    const open = new Set<Promise<void>>()
    const ask = async (path: string) => {
      const answer = await gateway.fetch(path)
      const text = await answer.text()
      if (answer.status !== 200) failures.push(`${path}: ${answer.status} ${text}`)
      counts.answered++
    }
    const send = () => {
      const asked = ask(counts.sent++ % 2 === 0 ? '/shub/status' : '/operator/api/whoami')
        .catch((error: Error) => void failures.push(error.message))
        .finally(() => open.delete(asked))
      open.add(asked)
    }
    let isOver = false
    const reloading = (async () => {
      for (let nth = 1; !isOver; nth++) {
        const limits = { VX11_MAX_IN_FLIGHT: `${300 + (nth % 2) * 100}`, VX11_BREAKER_FAILURES: `${500 + (nth % 3)}` }
        await write([night, day], { ...limits, VX11_RATE_LIMIT_USER: `${nth}` })
        const answer = await gateway.fetch(path, { method: 'POST' })
        expect(await answer.json()).toMatchObject({ status: 'applied', needs_restart: [] })
        counts.reloads++
      }
    })()
    // At this pace where the machine keeps up; with many more under way, a busy one would be late to connect.
    for (const start = performance.now(); counts.sent < 3000; await wait(5)) {
      const due = Math.min(3000, performance.now() - start)
      while (counts.sent < due && open.size < 20) send()
    }
    await Promise.all(open)
    isOver = true
    await reloading
    expect(failures).toEqual([])
    expect(counts.answered).toBe(3000)
    expect(counts.reloads).toBeGreaterThan(2)
  })

  it('reaches what limits the requests under way', async () => {
    await write([day], { VX11_MAX_IN_FLIGHT: '77', VX11_BREAKER_FAILURES: '9' })
    const answer = await gateway.fetch(path, { method: 'POST' })
    expect(((await answer.json()) as { changed: string[] }).changed).toContain('VX11_MAX_IN_FLIGHT')
    const breakers = (await (await gateway.fetch('/vx11/circuit-breaker/status')).json()) as object
    expect(JSON.stringify(breakers)).toContain('"max_in_flight":77')
  })

  it('by a bad file leaves the last good one in force', async () => {
    const before = await state()
    await writeFile(join(folder, 'env'), 'VX11_TOKENS=marker\nSHUB_URL="marker"\n')
    gateway.process.kill('SIGHUP')
    await expect.poll(async () => (await state()).last_reload?.outcome).toBe('refused')
    const { hash, last_reload } = await state()
    expect(hash).toBe(before.hash)
    expect(last_reload?.problem).toMatch(/SHUB_URL must not stand in quotes.*VX11_TOKENS must be a JSON list/)
    expect(gateway.output()).not.toContain('marker')
    expect((await as(day)).status).toBe(200)
    await rm(join(folder, 'env'))
    const answer = await gateway.fetch(path, { method: 'POST' })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('it does not exist') })
    expect((await gateway.fetch('/shub/status')).status).toBe(200)
  })
})

describe('workerd', () => {
  it('says that its bindings last as long as the isolate', async () => {
    const gateway = await startWorkerGateway()
    try {
      const answer = await gateway.fetch(path, { method: 'POST' })
      expect(answer.status).toBe(501)
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('isolate') })
      const status = (await (await gateway.fetch('/operator/api/status')).json()) as { configuration: object }
      expect(status.configuration).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{16}$/), last_reload: null })
    } finally {
      await gateway.stop()
    }
  })
})
