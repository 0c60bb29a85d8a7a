/** Sends a long body through a gateway to an echo and reads it back at once, without ever holding it. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Gateway } from '../gateways.ts'
import { token } from '../gateways.ts'

export interface EchoOutcome {
  status: number
  bytes: number
  /** What came back is what was sent. */
  same: boolean
  seconds: number
}

const piece = Buffer.from(Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7 + (index >> 8)) & 0xff))

export function echoThrough(gateway: Gateway, bytes: number): Promise<EchoOutcome> {
  const startedAt = performance.now()
  const sent = createHash('sha256')
  const received = createHash('sha256')
  function* body() {
    for (let left = bytes; left > 0; left -= piece.length) {
      const part = piece.subarray(0, Math.min(left, piece.length))
      sent.update(part)
      yield part
    }
  }
  return new Promise((resolve, reject) => {
    const headers = { 'x-vx11-token': token, 'content-length': bytes, connection: 'close' }
    const sending = request(`${gateway.url}/shub/echo`, { method: 'POST', headers }, async (response) => {
      try {
        let count = 0
        for await (const part of response as AsyncIterable<Buffer>) {
          received.update(part)
          count += part.length
        }
        const same = sent.digest('hex') === received.digest('hex')
        resolve({
          status: response.statusCode ?? 0,
          bytes: count,
          same,
          seconds: (performance.now() - startedAt) / 1000,
        })
      } catch (error) {
        reject(error)
      }
    })
    pipeline(Readable.from(body(), { objectMode: false, highWaterMark: piece.length }), sending).catch(reject)
  })
}
