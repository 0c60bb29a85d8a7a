import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/errors/gateway-error.ts'
import type { EventLog } from '../../../src/ports/index.ts'
import { alert, settled, socketHall, type TestSocket, told } from '../../support/socket-hall.ts'

const idsOf = (socket: TestSocket) =>
  socket
    .heard()
    .filter(({ channel }) => channel === 'event')
    .map(({ stream_id }) => stream_id)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const many = (count: number) => range(1, count).map((n) => told(String(n)))

describe('since', () => {
  it('tells what was missed, then what comes, each once', async () => {
    const { enter, events } = socketHall({}, inPagesOf(10))
    await events.append(many(35))
    const socket = await enter({ since: 3 })
    await settled()
    await events.append(many(5))
    await settled()
    expect(idsOf(socket)).toEqual(range(4, 40))
  })

  it.each([
    ['0, from the first', 0, range(1, 6)],
    ['the newest', 5, [6]],
    ['an id that was never given', 500, [6]],
    ['nothing, so from now on', null, [6]],
  ])('takes %s', async (_what, since, expected) => {
    const { enter, events } = socketHall()
    await events.append(many(5))
    const socket = await enter({ since })
    await events.append(many(1))
    await settled()
    expect(idsOf(socket)).toEqual(expected)
  })

  it('leaves no gap and repeats nothing, whenever events come during the replay', async () => {
    const turns = fc.array(fc.record({ append: fc.nat({ max: 4 }), let: fc.nat({ max: 3 }) }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 20 }), fc.nat({ max: 25 }), turns, async (before, since, steps) => {
        const { enter, events } = socketHall({}, (log) => slowReads(inPagesOf(3)(log)))
        await events.append(many(before))
        const socket = await enter({ since })
        let total = before
        for (const step of steps) {
          if (step.append > 0) await events.append(many(step.append))
          total += step.append
          for (let i = 0; i < step.let; i++) await new Promise((resolve) => setTimeout(resolve, 0))
        }
        await settled()
        await settled()
        expect(idsOf(socket)).toEqual(range(Math.min(since, before) + 1, total))
      }),
      { numRuns: 40 },
    )
  })

  it('closes with the last id when the database fails in the middle', async () => {
    let reads = 0
    const { enter, events } = socketHall({}, (log) => ({
      ...log,
      readInTurn: async (query) => {
        if (++reads > 1) throw new GatewayError('database_unavailable')
        return inPagesOf(2)(log).readInTurn(query)
      },
    }))
    await events.append(many(5))
    const socket = await enter({ since: 0 })
    await settled()
    expect(socket.peer.closes).toEqual([[1013, 'try again; last id 2']])
    expect(socket.heard().at(-1)).toMatchObject({ type: 'error', error: 'database_unavailable' })
  })

  /** Each page takes a turn of the event loop, as a database does. */
  function slowReads(log: EventLog): EventLog {
    return {
      ...log,
      async readInTurn(query) {
        const page = await log.readInTurn(query)
        await new Promise((resolve) => setTimeout(resolve, 0))
        return page
      },
    }
  }
})

/** Pages of a catch-up hold at most `count` events. */
const inPagesOf =
  (count: number) =>
  (log: EventLog): EventLog => ({
    ...log,
    readInTurn: (query) => log.readInTurn({ ...query, limit: Math.min(query.limit, count) }),
  })

describe('a filter', () => {
  it('keeps the rest away, live and replayed', async () => {
    const { enter, events } = socketHall()
    const some = [
      told('1', { type: 'a' }),
      told('2', { severity: 'crit' }),
      told('3', { module: 'shub', severity: 'crit' }),
      told('4', { correlationId: 'c' }),
    ]
    await events.append(some)
    const filters = [
      { types: ['a'] },
      { severities: ['crit' as const] },
      { module: 'shub' },
      { correlationId: 'c' },
      {},
    ]
    const sockets = await Promise.all(filters.map((filter) => enter({ filter, since: 0 })))
    await settled()
    await events.append(some)
    await settled()
    expect(sockets.map(idsOf)).toEqual([[1, 5], [2, 3, 6, 7], [3, 7], [4, 8], range(1, 8)])
  })
})

describe('positions', () => {
  it('are sent to a socket that resumes, where no event names how far the stream was read', async () => {
    const { enter, events } = socketHall()
    await events.append([told('1', { type: 'a' }), told('2'), told('3')])
    const filter = { types: ['a'] }
    const resuming = await enter({ since: 0, filter })
    const other = await enter({ filter })
    await settled()
    expect(resuming.heard().slice(1)).toMatchObject([
      { channel: 'event', stream_id: 1 },
      { channel: 'control', type: 'position', stream_id: 3 },
    ])
    expect(other.heard()).toHaveLength(1)
  })

  it('come every 15 seconds of a catch-up that delivers nothing', async () => {
    const slow = (log: EventLog): EventLog => ({
      ...log,
      async readInTurn({ after = 0, ...query }) {
        await clock.advance(8000)
        const page = await log.readInTurn({ ...query, after, before: after + 2 })
        return { ...page, next: after + 1 < (await log.newest()) ? after + 1 : null }
      },
    })
    const hall = socketHall({}, slow)
    const { clock } = hall
    await hall.events.append(many(6))
    const socket = await hall.enter({ since: 0, filter: { types: ['never'] } })
    await settled()
    expect(socket.heard().slice(1)).toMatchObject([2, 4, 6].map((stream_id) => ({ type: 'position', stream_id })))
  })
})

describe('a slow reader', () => {
  it('is sent no more than the high water and one event at once, live and in a catch-up', async () => {
    const { enter, events, rules } = socketHall()
    const socket = await enter()
    const { peer } = socket
    const send = peer.send
    let max = 0
    peer.send = (data) => {
      peer.bufferedAmount += data.length
      max = Math.max(max, peer.bufferedAmount)
      send(data)
    }
    const large = Array.from({ length: 40 }, (_, i) => told(`${i}`, { payload: { text: 'x'.repeat(60_000) } }))
    await events.append(large)
    for (let round = 0; round < 20; round++) {
      peer.bufferedAmount = 0
      peer.events.alive()
      await settled()
    }
    expect(idsOf(socket)).toEqual(range(1, 40))
    expect(max).toBeLessThan(rules.highWaterBytes + 70_000)
  })

  it('is told nothing more above the high water, and catches up from the database', async () => {
    const { enter, events, rules } = socketHall({}, inPagesOf(10))
    const [slow, fast] = [await enter(), await enter()]
    slow.peer.bufferedAmount = rules.highWaterBytes + 1
    for (let i = 0; i < 50; i++) await events.append(many(1))
    await settled()
    expect(idsOf(slow)).toEqual([])
    expect(idsOf(fast)).toEqual(range(1, 50))
    slow.peer.bufferedAmount = 0
    slow.peer.events.alive()
    await settled()
    expect(idsOf(slow)).toEqual(range(1, 50))
  })

  it('that takes nothing for long is closed with its last id, and then dropped', async () => {
    const { enter, events, clock, rules } = socketHall()
    const socket = await enter()
    await events.append(many(3))
    socket.peer.bufferedAmount = rules.highWaterBytes + 1
    await events.append(many(1))
    await clock.advance(rules.stalledMs - 1)
    expect(socket.peer.closes).toEqual([])
    await clock.advance(1)
    expect(socket.peer.closes).toEqual([[1013, 'slow reader; last id 3']])
    await clock.advance(rules.closeWithinMs)
    expect(socket.peer.terminated).toBe(true)
  })

  it('is not read while it does not take its own echoes', async () => {
    const { enter, rules } = socketHall()
    const socket = await enter()
    socket.peer.bufferedAmount = rules.highWaterBytes + 1
    socket.say('{}')
    expect(socket.peer.paused).toBe(true)
    socket.peer.bufferedAmount = 0
    socket.peer.events.alive()
    expect(socket.peer.paused).toBe(false)
  })
})

describe('allowances', () => {
  it('let a socket say so much a minute, and close it when it does not listen', async () => {
    const { enter, clock, rules } = socketHall({ messagesPerMinute: 60, refusedPerMinute: 3 })
    const socket = await enter()
    socket.heard()
    for (let i = 0; i < 60; i++) socket.say({ i })
    expect(socket.heard()).toHaveLength(60)
    socket.say({})
    expect(socket.heard()).toMatchObject([{ type: 'error', error: 'too_many_requests', retry_after: 1 }])
    await clock.advance(1000)
    socket.say({})
    expect(socket.heard()).toEqual([{}])
    for (let i = 0; i < rules.refusedPerMinute; i++) socket.say({})
    expect(socket.peer.closes).toEqual([[1008, 'too many messages']])
  })

  it('close a socket that talks on, though some of it passes in between', async () => {
    const { enter, clock } = socketHall({ messagesPerMinute: 60, refusedPerMinute: 3 })
    const socket = await enter()
    for (let i = 0; i < 60; i++) socket.say({})
    for (let second = 0; second < 4; second++) {
      expect(socket.peer.closes).toEqual([])
      await clock.advance(1000)
      socket.say({})
      socket.say({})
    }
    expect(socket.peer.closes).toEqual([[1008, 'too many messages']])
  })

  it('count a long message as several', async () => {
    const { enter } = socketHall({ messagesPerMinute: 100 })
    const socket = await enter()
    socket.heard()
    const long = JSON.stringify({ x: 'x'.repeat(700_000) })
    for (let i = 0; i < 3; i++) socket.say(long)
    // 700 000 characters are 43 units of the 100.
    expect(socket.heard().map(({ error }) => error)).toEqual([undefined, undefined, 'too_many_requests'])
  })

  it('bound the sockets of one caller, and of all', async () => {
    const { enter } = socketHall({ maxPerPrincipal: 2, maxTotal: 3 })
    const [first] = await Promise.all([enter(), enter()])
    await expect(enter()).rejects.toMatchObject({ code: 'too_many_requests' })
    await enter({ owner: 'other' })
    await expect(enter({ owner: 'third' })).rejects.toMatchObject({ code: 'service_overloaded' })
    first?.gone()
    await enter()
  })
})

describe('the life of a socket', () => {
  it('ends after an hour in which nobody said anything', async () => {
    const { enter, clock, events, rules } = socketHall({ pingEveryMs: 1e9 })
    const socket = await enter()
    await clock.advance(rules.idleMs - 1)
    await events.append(many(1))
    await clock.advance(1)
    await clock.advance(rules.idleMs - 2)
    expect(socket.peer.closes).toEqual([])
    await clock.advance(1)
    expect(socket.peer.closes).toEqual([[1001, 'idle']])
  })

  it('ends when the caller’s token does', async () => {
    const { enter, clock } = socketHall()
    const socket = await enter({ endsAt: clock.now() + 5000 })
    await clock.advance(4999)
    socket.say({})
    expect(socket.peer.closes).toEqual([])
    await clock.advance(1)
    expect(socket.peer.closes).toEqual([[1008, 'token expired']])
  })

  it('is asked for every 30 s, and over when no answer comes until the next time', async () => {
    const { enter, clock, rules } = socketHall()
    const [alive, dead] = [await enter(), await enter()]
    await clock.advance(rules.pingEveryMs)
    alive.peer.events.alive()
    await clock.advance(rules.pingEveryMs)
    expect([alive.peer.pings, alive.peer.terminated]).toEqual([2, false])
    expect([dead.peer.pings, dead.peer.terminated]).toEqual([1, true])
  })

  it('ends with 1001 when the gateway goes away, and by force when that is not heard', async () => {
    const { enter, open, clock, rules, lines } = socketHall()
    const [polite, deaf] = [await enter(), await enter()]
    for (const socket of open) socket.goAway()
    expect(polite.peer.closes).toEqual([[1001, 'going away']])
    polite.gone(1001)
    await clock.advance(rules.closeWithinMs)
    expect([polite.peer.terminated, deaf.peer.terminated]).toEqual([false, true])
    expect(open.size).toBe(0)
    expect(lines.map(([event, fields]) => [event, (fields as { reason: string }).reason])).toEqual([
      ['socket_closed', 'gateway 1001'],
      ['socket_closed', 'gateway 1001'],
    ])
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('leaves nothing behind when the caller goes', async () => {
    const { enter, open, clock, lines } = socketHall()
    const socket = await enter()
    socket.say(alert('a'))
    socket.gone(1000)
    await settled()
    expect([open.size, clock.pendingSleeps()]).toEqual([0, 0])
    expect(lines).toMatchObject([['socket_closed', { principal: 'link', reason: 'caller 1000' }]])
  })
})

describe('the stream', () => {
  it('is listened to once for all sockets, and not when there is none', async () => {
    let listening = 0
    const { enter } = socketHall({}, (log) => ({
      ...log,
      async subscribe(listener) {
        listening++
        const { after, close } = await log.subscribe(listener)
        return {
          after,
          close() {
            listening--
            close()
          },
        }
      },
    }))
    const sockets = await Promise.all([enter(), enter()])
    expect(listening).toBe(1)
    for (const socket of sockets) socket.gone()
    await settled()
    expect(listening).toBe(0)
    await enter()
    expect(listening).toBe(1)
  })

  it('that cannot be listened to lets nobody in, and the next attempt starts afresh', async () => {
    let isDown = true
    const { enter, open } = socketHall({}, (log) => ({
      ...log,
      subscribe: (listener) => (isDown ? Promise.reject(new Error('no route')) : log.subscribe(listener)),
    }))
    await expect(enter()).rejects.toMatchObject({ code: 'events_unavailable' })
    expect(open.size).toBe(0)
    isDown = false
    expect((await enter()).heard()).toHaveLength(1)
  })
})
