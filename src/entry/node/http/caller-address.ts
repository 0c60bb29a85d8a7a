/** The caller's address for limits and the log. Every request asks, so what a connection fixes is derived once. */
import type { Socket } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { clientAddress } from '../../../lib/client-address.ts'

type AskAddress = (c: Context<{ Bindings: Partial<HttpBindings> }>) => string

export function callerAddress(trustedProxies: number): AskAddress {
  return trustedProxies === 0 ? socketAddress() : (c) => forwardedAddress(c, trustedProxies)
}

/** Without a proxy in front the header says nothing, and is not parsed. */
function socketAddress(): AskAddress {
  const known = new WeakMap<Socket, string>()
  return ({ env: { incoming } }) => {
    const socket = incoming?.socket
    if (!socket) return 'unknown'
    let address = known.get(socket)
    if (address === undefined) {
      address = clientAddress(socket.remoteAddress ?? 'unknown', undefined, 0)
      known.set(socket, address)
    }
    return address
  }
}

const forwardedAddress = ({ env: { incoming } }: Parameters<AskAddress>[0], trustedProxies: number): string =>
  clientAddress(
    incoming?.socket.remoteAddress ?? 'unknown',
    incoming?.headers['x-forwarded-for']?.toString(),
    trustedProxies,
  )
