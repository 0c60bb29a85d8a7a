/** The app with its chat neighbours, and the calls that its tests make again and again. */
import * as v from 'valibot'
import { expect } from 'vitest'
import { ChatEnvelope } from '../../src/features/chat/schema.ts'
import { chatEnvironment, type Neighbours, populate, urls } from './chat-network.ts'
import type { FakeClock } from './fake-clock.ts'
import { fakeRandom } from './fake-random.ts'
import { testApp } from './test-app.ts'

interface ChatAppOptions extends Neighbours {
  env?: Record<string, string>
  deps?: Parameters<typeof testApp>[0] extends infer O | undefined ? (O extends { deps?: infer D } ? D : never) : never
}

/** Apps of one test file share a database, so each makes ids of its own. */
let seed = 1000

export function chatApp({ env = {}, deps = {}, ...neighbours }: ChatAppOptions = {}) {
  const pending: Promise<unknown>[] = []
  const background = (work: Promise<unknown>) => void pending.push(work.catch(() => {}))
  const gateway = testApp({
    env: { ...chatEnvironment, ...env },
    deps: { background, random: fakeRandom(++seed), ...deps },
  })
  populate(gateway.network, neighbours)
  const send = async (body: unknown, init: RequestInit = {}, path = '/operator/api/chat') =>
    gateway.authorized(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init })
  const ask = async (body: unknown, init?: RequestInit, path?: string) => {
    const response = await settle(gateway.clock, send(body, init, path))
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status: 200 })
    return v.parse(ChatEnvelope, JSON.parse(text))
  }
  return {
    ...gateway,
    send,
    ask,
    /** What was asked of whom. */
    sentTo: (name: keyof typeof urls, path = '') =>
      gateway.network.exchanges.filter(({ url }) => url.startsWith(urls[name] + path)),
    populate: (now: Neighbours) => populate(gateway.network, now),
    /** All work that outlived its answer. */
    background: async () => {
      while (pending.length > 0) await pending.shift()
    },
  }
}

/** Moves time until the work is done. */
export async function settle<T>(clock: FakeClock, work: Promise<T>, stepMs = 20): Promise<T> {
  let done = false
  const watched = work.finally(() => {
    done = true
  })
  watched.catch(() => {})
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (!done && clock.pendingSleeps() > 0) await clock.advance(stepMs)
  }
  return watched
}
