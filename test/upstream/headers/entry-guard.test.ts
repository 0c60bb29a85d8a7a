import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import type { UpstreamInit } from '../../../src/ports/index.ts'
import { maxSignedBodyBytes, signsForGuard } from '../../../src/upstream/headers/entry-guard.ts'
import { asgiPath, bodySha256, guardSigner } from '../../../src/upstream/headers/guard-signature.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { get, heldStream, scriptedUpstream, turn } from '../scripted-upstream.ts'

const secret = 'test-secret-123'
const bytes = (text: string) => new TextEncoder().encode(text)
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('the published vectors (contract shub/entry-guard)', () => {
  const common = {
    timestamp: '1767000000',
    requestId: '11111111-1111-4111-8111-111111111111',
    correlationId: '22222222-2222-4222-8222-222222222222',
  }

  it('signs GET /status', async () => {
    const hash = await bodySha256(null)
    expect(hash).toBe(emptyHash)
    const parts = { ...common, method: 'GET', path: '/status', nonce: 'nonce-0001', bodySha256: hash }
    expect(guardSigner(secret)(parts)).toBe('5f4a8e924b7c1ecc067b8cc6ca0b2dd031c10912abbd728e1da87ca3230c9440')
  })

  it('signs POST /api/batch/submit', async () => {
    const hash = await bodySha256(bytes('{"job_name":"j1","audio_files":["/a.wav"]}'))
    expect(hash).toBe('b11664e405b58033ec353947f4f00bea329f15653623af7015f2a82f8a142e68')
    const parts = { ...common, method: 'POST', path: '/api/batch/submit', nonce: 'nonce-0002', bodySha256: hash }
    expect(guardSigner(secret)(parts)).toBe('3858ea037a5bb073c3d5e0a66b1f4cf8da265886332a198b8d720b5006844fd9')
  })
})

describe('bodySha256', () => {
  it.each([0, 1, 16_383, 16_384, 100_000])('is the same for %i bytes, whoever computes it', async (length) => {
    const body = Uint8Array.from({ length }, (_, i) => i)
    expect(await bodySha256(body)).toBe(bytesToHex(sha256(body)))
  })
})

describe('asgiPath', () => {
  it.each([
    ['/status?q=%2F', '/status'],
    ['/a%20b', '/a b'],
    ['/%C3%A9', '/é'],
    ['/%c3%A9/%E2%82%AC', '/é/€'],
    ['/a+b', '/a+b'],
    ['/%252F', '/%2F'],
    ['/%FF', '/\ufffd'],
    ['/%EF%BB%BFa', '/\ufeffa'],
    ['/100%', '/100%'],
  ])('presents %s as %s', (target, path) => expect(asgiPath(target)).toBe(path))
})

function setup(basePath = '') {
  const clock = fakeClock(1_767_000_000_500)
  const { upstream, tries } = scriptedUpstream(200)
  return { clock, tries, send: signsForGuard(upstream, { secret, basePath, clock, random: fakeRandom() }) }
}

const withId: UpstreamInit = { ...get, headers: { 'x-correlation-id': 'c-1', accept: '*/*' } }
const sentHeaders = (tries: { init: UpstreamInit }[]) => tries.map(({ init }) => init.headers as Record<string, string>)

describe('signsForGuard', () => {
  it('adds the six headers to what travels', async () => {
    const { send, tries } = setup()
    await send('/status?x=1', withId)
    const [headers = {}] = sentHeaders(tries)
    expect(headers).toMatchObject({
      accept: '*/*',
      'x-vx11-entry': 'tentaculo_link',
      'x-vx11-correlation-id': 'c-1',
      'x-vx11-timestamp': '1767000000',
      'x-vx11-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const parts = {
      method: 'GET',
      path: '/status',
      timestamp: '1767000000',
      nonce: headers['x-vx11-nonce'] ?? '',
      bodySha256: emptyHash,
      requestId: headers['x-vx11-request-id'] ?? '',
      correlationId: 'c-1',
    }
    expect(headers['x-vx11-signature']).toBe(guardSigner(secret)(parts))
  })

  it('signs every try anew', async () => {
    const { send, tries } = setup()
    await send('/status', withId)
    await send('/status', withId)
    for (const name of ['x-vx11-nonce', 'x-vx11-request-id', 'x-vx11-signature'])
      expect(new Set(sentHeaders(tries).map((headers) => headers[name])).size).toBe(2)
  })

  it.each(['/health', '/ready', '/openapi.json', '/docs', '/redoc', '/health?a=1'])(
    'leaves %s as it is',
    async (path) => {
      const { send, tries } = setup()
      await send(path, withId)
      expect(tries[0]?.init).toBe(withId)
    },
  )

  it.each(['/health/', '/docs/x', '/Health'])('signs %s', async (path) => {
    const { send, tries } = setup()
    await send(path, withId)
    expect(tries[0]?.init.headers).toHaveProperty('x-vx11-signature')
  })

  it('signs the path that shub sees below the path of its URL', async () => {
    const [plain, based] = [setup(), setup('/base')]
    await plain.send('/base/status', withId)
    await based.send('/status', withId)
    const signatures = [plain, based].map(({ tries }) => sentHeaders(tries)[0]?.['x-vx11-signature'])
    expect(signatures[0]).toBe(signatures[1])
  })

  it('reads a streamed body whole, and sends it as bytes', async () => {
    const { send, tries, clock } = setup()
    const body = new Response('all of it').body
    await send('/api/analyze', { ...withId, method: 'POST', body })
    expect(new TextDecoder().decode(tries[0]?.init.body as Uint8Array)).toBe('all of it')
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('refuses a body that says or shows that it is too large to be signed', async () => {
    const { send, tries } = setup()
    const post = { ...withId, method: 'POST' }
    const declared = { ...withId.headers, 'content-length': String(maxSignedBodyBytes + 1) }
    const unread = heldStream()
    await expect(send('/a', { ...post, headers: declared, body: unread.stream })).rejects.toMatchObject({
      code: 'body_too_large',
      details: { detail: expect.stringContaining('8 MiB') },
    })
    const megabytes = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(1_048_576)) })
    const endless = megabytes()
    await expect(send('/a', { ...post, body: endless })).rejects.toMatchObject({ code: 'body_too_large' })
    expect(endless.locked).toBe(false)
    expect(tries).toEqual([])
  })

  it('does not wait for a body that stops coming', async () => {
    const { send, clock } = setup()
    const held = heldStream()
    const answer = send('/a', { ...withId, method: 'POST', body: held.stream, limits: { idleMs: 1000 } })
    const refused = expect(answer).rejects.toMatchObject({ code: 'request_timeout' })
    held.control.enqueue(bytes('a beginning'))
    await turn()
    await clock.advance(1000)
    await refused
  })

  it('takes a body that breaks for a caller that left', async () => {
    const { send } = setup()
    const held = heldStream()
    held.control.error(new Error('gone'))
    await expect(send('/a', { ...withId, method: 'POST', body: held.stream })).rejects.toMatchObject({
      code: 'client_closed_request',
    })
  })
})
