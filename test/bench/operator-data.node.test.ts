import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenAPIV3_1 } from 'openapi-types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callTimes, callWhile } from '../../bench/load/callers.ts'
import { operatorViews } from '../../bench/measure/operator-views.ts'
import { testApp } from '../support/test-app.ts'

describe('operatorViews', () => {
  const json = { get: { responses: { 200: { description: '', content: { 'application/json': {} } } } } }
  const stream = { get: { responses: { 200: { description: '', content: { 'text/event-stream': {} } } } } }

  it('takes what can be read without a name, and leaves out streams, downloads and other interfaces', () => {
    const paths = {
      '/operator/api/status': json,
      '/operator/api/modules/{name}': json,
      '/operator/api/events/stream': stream,
      '/operator/api/chat': { post: json.get },
      '/madre/status': json,
    }
    expect(operatorViews({ paths })).toEqual(['/operator/api/status'])
  })

  it('finds the views of the gateway, and asks for events with filters', async () => {
    const views = operatorViews((await (await testApp().request('/openapi.json')).json()) as OpenAPIV3_1.Document)
    expect(views).toEqual(expect.arrayContaining(['/operator/api/scorecard', '/operator/api/events?type=error']))
    expect(views.length).toBeGreaterThan(25)
    expect(views.filter((path) => /stream|download|fresh|[{}]/.test(path))).toEqual([])
  })
})

describe('callWhile', () => {
  let asked = (_times: number) => {}
  let times = 0
  const server = createServer((request, answer) => {
    asked(++times)
    answer.statusCode = request.url === '/well' ? 200 : 429
    answer.end('{}')
  })
  let url = ''
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const calls = (path: string) => ({ url, path, headers: {}, callers: 2, pauseMs: 1 })

  it('asks until the work is done, and takes every answer', async () => {
    const work = new Promise<void>((done) => {
      asked = (count) => {
        if (count === 7) done()
      }
    })
    const { n } = await callWhile(calls('/well'), work)
    expect(n).toBe(times)
    expect(n).toBeGreaterThanOrEqual(7)
  })

  it('rejects when it is refused, and when the work fails', async () => {
    await expect(callWhile(calls('/refused'), wait(100))).rejects.toThrow('/refused answered 429')
    const failing = wait(20).then(() => {
      throw new Error('no maintenance')
    })
    await expect(callWhile(calls('/well'), failing)).rejects.toThrow('no maintenance')
  })
})

describe('callTimes', () => {
  it('tells how many there were, and the longest', () => {
    expect(callTimes([3, 1, 2])).toEqual({ n: 3, p50Ms: 2, p99Ms: 3, maxMs: 3 })
  })
})
