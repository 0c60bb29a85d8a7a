/** `Cache-Control: max-age` of a request: how old the state may be that a reader accepts. */
import { expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const shub = 'http://shub.test:8007/health'

function watched() {
  const gateway = testApp({ env: {} })
  gateway.network.answer('http://madre.test:8001/health', jsonAnswer({ status: 'ok' }))
  gateway.network.answer(
    'http://madre.test:8001/madre/power/state',
    jsonAnswer({ policy: 'solo_madre', window_id: null, active_services: ['madre'] }),
  )
  const turn = (up: boolean) =>
    gateway.network.answer(shub, up ? jsonAnswer({ status: 'ok' }) : new TransportError('unreachable'))
  turn(true)
  const word = async (cacheControl?: string): Promise<unknown> => {
    const headers: Record<string, string> = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    const response = await gateway.authorized('/operator/api/status', { headers })
    const { optional_services } = (await response.json()) as { optional_services: Record<string, { status: string }> }
    return optional_services.shubniggurath?.status
  }
  const asked = () => gateway.network.exchanges.filter(({ url }) => url === shub).length
  return { ...gateway, turn, word, asked }
}

it.each(['max-age=0', 'no-cache', 'MAX-AGE=0, only-if-cached'])('measures anew for %s', async (cacheControl) => {
  const { clock, turn, word } = watched()
  expect(await word()).toBe('UP')
  turn(false)
  await clock.advance(400)
  expect(await word()).toBe('UP')
  expect(await word(cacheControl)).toBe('DOWN')
  expect(await word()).toBe('DOWN')
})

it('measures no more often than every 0.4 s, however many ask', async () => {
  const { asked, clock, word } = watched()
  await word('max-age=0')
  await clock.advance(399)
  await Promise.all(Array.from({ length: 30 }, () => word('max-age=0')))
  expect(asked()).toBe(1)
  await clock.advance(1)
  await Promise.all(Array.from({ length: 30 }, () => word('max-age=0')))
  expect(asked()).toBe(2)
})

it.each(['max-age=9', 'max-age=-1', 'max-age=x', 'max-age=0x', 'smax-age=0', 'max-age=99999999999', ''])(
  'keeps to five seconds for %j',
  async (cacheControl) => {
    const { asked, clock, word } = watched()
    await word()
    await clock.advance(4999)
    await word(cacheControl)
    expect(asked()).toBe(1)
    await clock.advance(1)
    await word(cacheControl)
    expect(asked()).toBe(2)
  },
)

it('does not let one that hangs hold up the others', async () => {
  const { clock, network, turn, word } = watched()
  await word('max-age=0')
  network.answer('http://madre.test:8001/health', () => new Promise(() => {}))
  turn(false)
  await clock.advance(400)
  const answer = word('max-age=0')
  await clock.advance(500)
  expect(await answer).toBe('DOWN')
})
