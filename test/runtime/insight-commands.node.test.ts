/** `tentaculo correlations`, `chat`, `forecasts` and `addresses` beside a gateway whose shub has a dead second address. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ran, runBeside } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'
import { type NamedUpstream, namedUpstream } from '../support/named-upstream.ts'

let gateway: Gateway
let upstream: NamedUpstream
let dead: string
beforeAll(async () => {
  upstream = await namedUpstream('one')
  dead = `http://127.0.0.1:${await freePort()}`
  gateway = await startNodeGateway({
    ...{ SHUB_URL: `${upstream.url} weight=2, ${dead}`, LOG_LEVEL: 'warn' },
    ...{ VX11_CHAT_ROTATION: 'on', VX11_LOCAL_LLM_URL: upstream.url },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await upstream?.kill()
})

const run = (...args: string[]): Promise<Ran> => runBeside(gateway, args)
const asJson = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)
const send = (path: string, id: string) => gateway.fetch(path, { headers: { 'x-correlation-id': id } })

describe('tentaculo correlations', () => {
  it('lists what was recorded, and shows one as a waterfall with the reason', async () => {
    await (await send('/shub/who', 'mix-1')).text()
    await expect.poll(async () => (await run('correlations', 'list')).out).toContain('mix-1')
    const { status, out } = await run('correlations', 'show', 'mix-1')
    expect(status).toBe(0)
    expect(out).toMatch(/^All went well; GET \/shub\/\* \(shub\) took longest/)
    expect(out).toMatch(/^\d+ ms +\d+ ms +request GET \/shub\/\* +shub +ok +200 +/m)
    expect(out).toMatch(/^\d+ ms +\d+ ms +step http:/m)
    expect(await asJson('correlations', 'show', 'mix-1')).toMatchObject({ id: 'mix-1', outcome: 'ok' })
    expect(await asJson('correlations', 'list', '--show', 'failed', '--limit', '5')).toMatchObject({ correlations: [] })
  })

  it('says what cannot be', async () => {
    expect(await run('correlations', 'show', 'nobody')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^404 correlation_not_found/),
    })
    expect((await run('correlations', 'list', '--show', 'all')).status).toBe(2)
    expect((await run('correlations', 'list', '--limit', '0')).status).toBe(2)
  })
})

describe('tentaculo chat', () => {
  it('shows the order, pins and freezes it', async () => {
    const order = await run('chat', 'order')
    expect(order).toMatchObject({ status: 0, err: '' })
    expect(order.out).toMatch(/^rotation on\n/)
    expect(order.out).toMatch(/^1 +switch +- /m)
    const pinned = await run('chat', 'pin', 'local_llm')
    expect(pinned.out).toMatch(/^pinned: local_llm, by /m)
    expect(pinned.out).toMatch(/^1 +local_llm /m)
    expect(await asJson('chat', 'unpin')).toMatchObject({ pinned: null })
    expect((await run('chat', 'freeze')).out).toMatch(/^frozen by /m)
    expect(await asJson('chat', 'unfreeze')).toMatchObject({ frozen: null })
    expect(await run('chat', 'pin', 'nobody')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^404 chat_model_not_found/),
    })
  })
})

describe('tentaculo forecasts', () => {
  it('says when something is used up, or why nobody knows', async () => {
    const { status, out } = await run('forecasts')
    expect(status).toBe(0)
    expect(out).toMatch(/^disk_full +\d+ of \d+ bytes +- +too_few_samples/m)
    expect(out).toMatch(/^token_budget +- +- +no_limit/m)
  })
})

describe('tentaculo addresses', () => {
  it('shows each address, and ends with 1 while one is down', async () => {
    for (let read = 0; read < 4; read++) await (await gateway.fetch('/shub/who')).text()
    await expect.poll(async () => (await run('addresses')).status, { timeout: 20_000 }).toBe(1)
    const { out } = await run('addresses')
    expect(out).toMatch(new RegExp(`^shub +${upstream.url} +2 +closed `, 'm'))
    expect(out).toMatch(new RegExp(`^shub +${dead} +1 +(closed|open|half_open) `, 'm'))
    expect(await asJson('addresses')).toMatchObject([{ upstream: 'shub', url: upstream.url }, { url: dead }])
  })
})
