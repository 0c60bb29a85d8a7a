import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainStart, linkHash, unlinkedHash } from '../../src/lib/hash-chain.ts'
import { limitStorm } from '../../src/lib/limit-storm.ts'
import { sseBlock } from '../../src/lib/sse.ts'
import { maxTicketMs, readTicket, signTicket } from '../../src/lib/ticket.ts'
import { operatorType, severityOf } from '../../src/modules/events/shape/kinds.ts'

describe('the ledger’s hashes', () => {
  it('are what anybody can recompute with sha256sum', () => {
    // printf '\na\n{}' | sha256sum; printf 'a:{}' | sha256sum
    expect(linkHash(chainStart, 'a', '{}')).toBe('6310e6dd4b42469bd7938e2108148cd4c52e2b524101dbfe881a5a9eedec3319')
    expect(unlinkedHash('a', '{}')).toBe('7609e7a5665f4acbbedac3df1af66b804f57791eab5d40b237205c4348bcaceb')
  })
})

describe('an SSE block', () => {
  it('holds its fields in an order that every reader takes', () => {
    const block = { comment: 'c', retryMs: 3000, id: 7, event: 'e', data: 'a\nb\r\nc\rd' }
    expect(sseBlock(block)).toBe(':c\nretry: 3000\nid: 7\nevent: e\ndata: a\ndata: b\ndata: c\ndata: d\n\n')
    expect(sseBlock({})).toBe('\n\n')
  })
})

describe('a ticket', () => {
  const key = { id: 'k1', bytes: new Uint8Array(32).fill(7) }
  const claims = { purpose: 'sse', principal: 'naïve ☃', expiresAt: 1000 }
  const find = async (id: string) => (id === key.id ? key : undefined)
  const read = (ticket: string, purpose = 'sse', now = 0) => readTicket(find, ticket, purpose, now)

  it('names its principal until it expires', async () => {
    const ticket = signTicket(key, claims)
    expect(ticket).toMatch(/^k1\.[\w-]+\.[\w-]{43}$/)
    expect(await read(ticket, 'sse', 999)).toBe('naïve ☃')
    expect(await read(ticket, 'sse', 1000)).toBeNull()
    expect(await read(ticket, 'ws')).toBeNull()
    expect(await readTicket(async () => ({ ...key, bytes: new Uint8Array(32) }), ticket, 'sse', 0)).toBeNull()
    expect(await readTicket(async () => undefined, ticket, 'sse', 0)).toBeNull()
  })

  it('is refused when it ends later than any ticket may, whoever signed it', async () => {
    const [atMost, tooLate] = [maxTicketMs, maxTicketMs + 1].map((ms) => signTicket(key, { ...claims, expiresAt: ms }))
    expect(await read(atMost ?? '')).toBe('naïve ☃')
    expect(await read(tooLate ?? '')).toBeNull()
  })

  it('says nothing when a character of it is another, or it is something else', async () => {
    const ticket = signTicket(key, claims)
    await fc.assert(
      fc.asyncProperty(fc.nat(ticket.length - 2), fc.constantFrom(...'AZaz09-_.'), async (at, char) => {
        const changed = ticket.slice(0, at) + char + ticket.slice(at + 1)
        expect(await read(changed)).toBe(changed === ticket ? 'naïve ☃' : null)
      }),
    )
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => (await read(text)) === null))
  })
})

describe('a limit storm', () => {
  it('is noticed at the threshold, once a window, rule by rule', () => {
    const storm = limitStorm(3)
    const seen = [0, 1, 2, 3, 4].map((at) => storm.refused('ip', at))
    expect(seen).toEqual([undefined, undefined, 3, undefined, undefined])
    expect(storm.refused('user', 5)).toBeUndefined()
    expect([59_999, 60_000, 60_001, 60_002].map((at) => storm.refused('ip', at))).toEqual([
      undefined,
      undefined,
      undefined,
      3,
    ])
  })
})

describe('the words of events', () => {
  it.each([
    ['gateway.window.opened', 'window'],
    ['forensic.snapshot.created', 'audit'],
    ['spawn_success', 'intent'],
    ['madre.decision.explained', 'intent'],
    ['switch.tension.updated', 'module'],
    ['gateway.breaker.opened', 'module'],
    ['system.alert', 'status'],
    ['', 'status'],
  ])('%j is filed as %s', (type, filed) => {
    expect(operatorType(type)).toBe(filed)
  })

  it('know three severities under many names', () => {
    expect(['L1', 'info', 'Warning', 'L2', 'error', 'CRITICAL', 'l3'].map(severityOf)).toEqual([
      ...['info', 'info', 'warn', 'warn', 'crit', 'crit', 'crit'],
    ])
    expect(['', 'loud', '__proto__', 'constructor'].map(severityOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
