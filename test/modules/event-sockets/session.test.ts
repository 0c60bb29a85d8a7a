import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/errors/gateway-error.ts'
import { alert, settled, socketHall, told } from '../../support/socket-hall.ts'

const connected = (client_id: string) => ({ channel: 'control', type: 'connected', client_id })

describe('a socket that speaks', () => {
  it('is greeted by name, and hears its objects again to the letter', async () => {
    const { enter } = socketHall()
    const socket = await enter()
    expect(socket.heard()).toEqual([connected('console')])
    const texts = [
      '{}',
      '{ "channel" : "event","a":1,"a":2 }',
      '{"x":"\\u00e9é✓"}',
      '{"__proto__":{"y":1}}',
      ' {"z":[]}\n',
    ]
    for (const text of texts) socket.say(text)
    expect(socket.peer.sent).toEqual(texts)
  })

  it('answers the word ping, for browsers', async () => {
    const { enter } = socketHall()
    const socket = await enter()
    socket.heard()
    socket.say('ping')
    expect(socket.peer.sent).toEqual(['pong'])
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['empty text', '', 'not JSON'],
    ['a list', '[{"type":"system.alert"}]', 'not a JSON object'],
    ['a number', '1', 'not a JSON object'],
    ['a string', '"ping"', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['lists in lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'not a JSON object'],
  ])('is told that %s is wrong, without an echo, and goes on', async (_what, text, detail) => {
    const { enter } = socketHall()
    const socket = await enter()
    socket.heard()
    socket.say(text)
    expect(socket.heard()).toEqual([
      { channel: 'control', type: 'error', error: 'validation_error', detail: expect.stringContaining(detail) },
    ])
    socket.say('{"still":"here"}')
    expect(socket.heard()).toEqual([{ still: 'here' }])
  })

  it.each([[['system.alert']], [{}], [1], [null], [true]])(
    'echoes an object whose type is %j, and says what is wrong',
    async (type) => {
      const { enter, events } = socketHall()
      const socket = await enter()
      socket.heard()
      socket.say({ type })
      expect(socket.heard()).toMatchObject([{ type }, { type: 'error', error: 'validation_error' }])
      expect(await events.newest()).toBe(0)
    },
  )

  it('is closed with 1003 for a binary message', async () => {
    const { enter } = socketHall()
    const socket = await enter()
    socket.heard()
    socket.say(new Uint8Array([1, 2]))
    expect(socket.heard()).toMatchObject([{ type: 'error', error: 'validation_error' }])
    expect(socket.peer.closes).toEqual([[1003, 'text only']])
    socket.say('{"late":1}')
    expect(socket.peer.sent).toEqual([])
  })

  it('is closed with 1009 for a message a byte too long, in bytes and not in characters', async () => {
    const { enter, rules } = socketHall({ maxMessageBytes: 1000 })
    const longest = `{"x":"${'é'.repeat(496)}"}`
    expect(new TextEncoder().encode(longest).byteLength).toBe(rules.maxMessageBytes)
    const socket = await enter()
    socket.heard()
    socket.say(longest)
    expect(socket.peer.sent.splice(0)).toEqual([longest])
    socket.say(`${longest} `)
    expect(socket.heard()).toMatchObject([{ type: 'error', error: 'validation_error' }])
    expect(socket.peer.closes).toEqual([[1009, 'message too big']])
  })
})

describe('canonical events', () => {
  it('are echoed, stored, acknowledged with their place, and told to everybody else once', async () => {
    const { enter, events } = socketHall()
    const [sender, other] = [await enter(), await enter({ clientId: 'other' })]
    sender.heard()
    other.heard()
    const said = alert('a1', { _secret: 1, channel: 'event', correlation_id: 'c-1', extra: [1] })
    sender.say(said)
    await settled()
    expect(sender.heard()).toEqual([
      said,
      { channel: 'control', type: 'stored', event_id: 'evt_000000000001', stream_id: 1 },
    ])
    const { _secret, ...public_ } = said as Record<string, unknown>
    expect(other.heard()).toEqual([
      {
        ...public_,
        ...{
          channel: 'event',
          source: 'ws:console',
          module: expect.anything(),
          event_id: 'evt_000000000001',
          stream_id: 1,
        },
      },
    ])
    const { events: stored } = await events.read({ limit: 10, order: 'oldest_first' })
    expect(stored).toMatchObject([
      { type: 'system.alert', severity: 'warn', correlationId: 'c-1', source: 'ws:console' },
    ])
    expect(stored[0]?.payload).toEqual({
      alert_id: 'a1',
      severity: 'L2',
      message: 'alert a1',
      timestamp: 1,
      correlation_id: 'c-1',
      extra: [1],
    })
  })

  it.each([
    ['at once', 0],
    ['late', 3],
  ])('keep the order, and none is lost or repeated, when many speak and the store answers %s', async (_what, turns) => {
    const { enter } = socketHall({}, (log) => ({
      ...log,
      async append(events) {
        const stored = await log.append(events)
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, 0))
        return stored
      },
    }))
    const sockets = await Promise.all(Array.from({ length: 5 }, (_, i) => enter({ clientId: `c${i}` })))
    for (const socket of sockets) socket.heard()
    for (let n = 0; n < 20; n++) {
      for (const [i, socket] of sockets.entries()) socket.say(alert(`${i}-${n}`))
      if (n % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 0))
    }
    await settled()
    for (const [i, socket] of sockets.entries()) {
      const frames = socket.heard().filter(({ channel }) => channel === 'event')
      const ids = frames.map(({ stream_id }) => stream_id as number)
      expect(ids).toHaveLength(80)
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
      expect(frames.some(({ alert_id }) => String(alert_id).startsWith(`${i}-`))).toBe(false)
    }
  })

  it('of any other type stay between the sender and the gateway', async () => {
    const { enter, events } = socketHall()
    const [sender, other] = [await enter(), await enter()]
    sender.heard()
    other.heard()
    for (const type of ['spawn_success', 'system.alert ', 'SYSTEM.ALERT', '', 'constructor', 'toString'])
      sender.say({ type })
    await settled()
    expect(sender.heard()).toHaveLength(6)
    expect(other.heard()).toEqual([])
    expect(await events.newest()).toBe(0)
  })

  it.each([
    ['a field is missing', { alert_id: undefined }, 'alert_id'],
    ['a field is of another kind', { message: 1 }, 'message'],
    ['it is too large', { message: 'x'.repeat(2048) }, '2048'],
    ['it is too large when escaped', { message: 'é'.repeat(400) }, '2048'],
  ])('are refused when %s', async (_what, change, word) => {
    const { enter, events } = socketHall()
    const [sender, other] = [await enter(), await enter()]
    sender.heard()
    other.heard()
    sender.say(alert('a', change))
    await settled()
    expect(sender.heard()).toMatchObject([
      { type: 'system.alert' },
      { channel: 'control', type: 'error', error: 'event_rejected', detail: expect.stringContaining(word) },
    ])
    expect(other.heard()).toEqual([])
    expect(await events.newest()).toBe(0)
  })

  it('want the scope ingest', async () => {
    const { enter, events } = socketHall()
    const socket = await enter({ mayStore: false })
    socket.heard()
    socket.say(alert('a'))
    await settled()
    expect(socket.heard()).toMatchObject([{ alert_id: 'a' }, { type: 'error', error: 'forbidden' }])
    expect(await events.newest()).toBe(0)
  })

  it('that could not be stored are told to nobody, and the sender learns when to try again', async () => {
    let isDown = true
    const { enter } = socketHall({}, (log) => ({
      ...log,
      append: async (events) => {
        if (isDown) throw new GatewayError('events_unavailable', { retryAfterMs: 1000 })
        return log.append(events)
      },
    }))
    const [sender, other] = [await enter(), await enter()]
    sender.heard()
    other.heard()
    sender.say(alert('a'))
    await settled()
    expect(sender.heard()).toMatchObject([
      { alert_id: 'a' },
      { type: 'error', error: 'events_unavailable', retry_after: 1 },
    ])
    isDown = false
    sender.say(alert('b'))
    await settled()
    expect(other.heard()).toMatchObject([{ alert_id: 'b', stream_id: 1 }])
  })

  it('cannot pass for a control frame or another event, whatever their payload says', async () => {
    const { enter, events } = socketHall()
    const socket = await enter()
    socket.heard()
    await events.append([
      told('x', { payload: { channel: 'control', type: 'error', stream_id: 99, event_id: 'forged' } }),
    ])
    expect(socket.heard()).toMatchObject([
      { channel: 'event', type: 'system.alert', stream_id: 1, event_id: 'evt_000000000001' },
    ])
  })
})

describe('names', () => {
  it('are given anew where one is taken, and the holder keeps hearing when the other leaves', async () => {
    const { enter, events } = socketHall()
    const first = await enter({ clientId: 'anonymous' })
    const second = await enter({ clientId: 'anonymous' })
    const name = second.heard()[0]?.client_id
    expect(first.heard()).toEqual([connected('anonymous')])
    expect(name).toMatch(/^anonymous-[0-9a-f]{8}$/)
    second.gone()
    await events.append([told('x')])
    expect(first.heard()).toMatchObject([{ alert_id: 'x' }])
    const third = await enter({ clientId: 'anonymous' })
    expect(third.heard()[0]?.client_id).not.toBe('anonymous')
    first.gone()
    const fourth = await enter({ clientId: 'anonymous' })
    expect(fourth.heard()[0]?.client_id).toBe('anonymous')
  })
})
