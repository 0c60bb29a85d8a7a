/** Bodies that nobody should send, and what the embedded madre says to them: never a 500, never their own words. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { forgetWindows, type Madre, madreClient, madreDeps } from './madres.ts'

export function describeBodies(openDatabase: () => Database): void {
  describe('hostile bodies', () => {
    let madre: Madre
    beforeEach(async () => {
      await forgetWindows(openDatabase())
      madre = madreClient(madreDeps(openDatabase()))
    })
    const routes = [
      '/madre/chat',
      '/madre/intent',
      '/vx11/intent',
      '/madre/power/window/open',
      '/madre/power/service/switch/start',
      '/madre/power/service/start',
      '/madre/power/mode',
    ]
    const send = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
      madre.ask(path, { method: 'POST', headers: { 'content-type': type }, body })

    const deep = (levels: number) => `{"payload":${'['.repeat(levels)}${']'.repeat(levels)}}`
    it.each([
      ['a list', '[]'],
      ['null', 'null'],
      ['a number', '1e999'],
      ['a string', '"services"'],
      ['NaN', '{"ttl_sec":NaN}'],
      ['half an object', '{"services":["switch"]'],
      ['two objects', '{}{}'],
      ['deep JSON', deep(40)],
      ['very deep JSON', deep(400_000)],
    ])('are refused: %s', async (_name, body) => {
      for (const path of routes) expect((await send(path, body)).status, path).toBe(422)
    })

    it('are refused: no UTF-8, other types, nothing, too much', async () => {
      const notUtf8 = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
      for (const path of routes) {
        expect((await send(path, notUtf8)).status).toBe(422)
        for (const type of [
          'text/plain',
          'application/jsonp',
          'multipart/form-data',
          'application/x-www-form-urlencoded',
        ])
          expect((await send(path, '{"services":["switch"],"ttl_sec":60}', type)).status).toBe(422)
        expect((await send(path, '')).status).toBe(422)
        expect((await send(path, ' '.repeat(1_048_577))).status).toBe(413)
      }
    })

    it('are told what is wrong, not what they said', async () => {
      const secret = 'my-secret-value'
      const bodies: Record<string, unknown>[] = [
        { message: { secret }, session_id: [secret], context: secret },
        { services: secret, ttl_sec: secret, mode: secret, reason: [secret] },
        { services: [`<b>${secret}</b>`], ttl_sec: 5 },
        { type: [secret], payload: secret, source: secret.repeat(9), correlation_id: secret.repeat(20) },
        { intent_type: 1, require: secret, priority: secret, mode: secret, service: [secret], apply: secret },
      ]
      for (const path of routes)
        for (const body of bodies) {
          const answer = await madre.post(path, body)
          expect(JSON.stringify(answer)).not.toContain(secret)
        }
    })

    it('are told at most twenty things', async () => {
      const services = Array.from({ length: 100_000 }, () => 5)
      expect((await madre.open({ services, ttl_sec: 5 })).body.detail).toMatchObject([{ type: 'too_long' }])
      const { body } = await madre.open({ services: services.slice(0, 32), ttl_sec: 5 })
      expect(body.detail).toHaveLength(20)
    })

    it('have fields with an end', async () => {
      const octopus = (length: number) => '🐙'.repeat(length)
      const status = async (path: string, body: unknown) => (await madre.post(path, body)).status
      expect(await status('/madre/chat', { message: octopus(4000) })).toBe(200)
      expect(await status('/madre/chat', { message: octopus(4001) })).toBe(422)
      expect(await status('/madre/chat', { message: 'a', session_id: octopus(128) })).toBe(200)
      expect(await status('/madre/chat', { message: 'a', session_id: octopus(129) })).toBe(422)
      const window = { services: ['switch'], ttl_sec: 5 }
      expect(await status('/madre/power/window/open', { ...window, reason: octopus(501) })).toBe(422)
      expect(await status('/madre/power/window/open', { ...window, reason: octopus(500) })).toBe(200)
      const intent = { type: 'scan', payload: { text: 'a'.repeat(65_000) } }
      expect(await status('/madre/intent', intent)).toBe(200)
      expect(await status('/madre/intent', { ...intent, payload: { text: 'a'.repeat(66_000) } })).toBe(422)
    })

    it.each(['a\u0000b', 'a\nb', '\ud800', '\u009b31m'])('have ids without control characters: %j', async (id) => {
      expect((await madre.post('/madre/chat', { message: 'a', session_id: id })).status).toBe(422)
      expect((await madre.post('/vx11/intent', { intent_type: 'a', correlation_id: id })).status).toBe(422)
      expect((await madre.ask(`/vx11/result/${encodeURIComponent(id.toWellFormed())}`)).status).toBe(404)
    })

    it.each([
      ['__proto__', ['switch']],
      ['constructor', ['switch']],
    ])('gain nothing by the key %s', async (key, value) => {
      const body = `{"${key}":{"services":${JSON.stringify(value)}},"ttl_sec":5}`
      expect((await send('/madre/power/window/open', body)).status).toBe(422)
      expect((await send('/madre/power/service/__proto__/start', '{}')).status).toBe(404)
    })
  })
}
