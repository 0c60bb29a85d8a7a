import { afterEach, describe, expect, it } from 'vitest'
import { counting, countsPath } from '../../bench/workerd/counting.ts'

const original = globalThis.fetch
afterEach(() => {
  globalThis.fetch = original
})

/** Bindings with the methods by which they are known. */
const statement = { bind: () => statement, all: async () => ({ results: [] }), first: async () => null }
const env = {
  TOKEN: 'text',
  LIMITER: { idFromName: (name: string) => name, get: () => ({ take: (n: number) => n + 1 }) },
  CACHE: { get: async () => 'kept', getWithMetadata: async () => null },
  DB: { prepare: () => statement, batch: async (list: object[]) => list.every((one) => one === statement) },
}

describe('counting', () => {
  it('tells how often each kind of binding was asked since it was last read, and changes no answer', async () => {
    globalThis.fetch = async () => new Response('upstream')
    const worker = counting({
      async fetch(_request, given) {
        const { TOKEN, LIMITER, CACHE, DB } = given as typeof env
        await fetch('http://upstream/')
        const taken = LIMITER.get().take(LIMITER.idFromName('a').length)
        await DB.prepare().bind().all()
        const batched = await DB.batch([DB.prepare(), DB.prepare().bind()])
        return Response.json([TOKEN, taken, await CACHE.get(), batched])
      },
    })
    const ask = async (path: string) =>
      (await worker.fetch(new Request(`http://gateway${path}`), env, {})).json() as Promise<unknown>
    expect(await ask('/')).toEqual(['text', 2, 'kept', true])
    await ask('/')
    expect(await ask(countsPath)).toEqual({ 'sub-requests': 2, 'object calls': 2, 'KV calls': 2, 'D1 calls': 4 })
    expect(await ask(countsPath)).toEqual({})
  })
})
