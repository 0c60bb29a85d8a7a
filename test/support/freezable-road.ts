/** A way to a server that one of its clients takes, and that can be frozen: connections stay open, nothing passes. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface FreezableRoad {
  url: string
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

type Ends = readonly [Socket, Socket]

export async function startFreezableRoad(target: string): Promise<FreezableRoad> {
  const { hostname, port } = new URL(target)
  const open = new Set<Ends>()
  let isFrozen = false
  const server = createServer((caller) => {
    const ends = [caller, connect(Number(port), hostname)] as const
    open.add(ends)
    for (const end of ends) end.on('error', () => {}).on('close', () => leave(ends))
    if (!isFrozen) join(ends)
  })
  function leave(ends: Ends): void {
    open.delete(ends)
    for (const end of ends) end.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      isFrozen = true
      for (const ends of open) part(ends)
    },
    thaw() {
      isFrozen = false
      for (const ends of open) join(ends)
    },
    async close() {
      server.close()
      for (const ends of open) leave(ends)
      await once(server, 'close')
    },
  }
}

const join = ([one, other]: Ends) => void one.pipe(other).pipe(one)

function part([one, other]: Ends): void {
  for (const [from, to] of [[one, other] as const, [other, one] as const]) from.unpipe(to).pause()
}
