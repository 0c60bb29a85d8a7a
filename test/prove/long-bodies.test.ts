/** A gibibyte there and back at the same time, in the memory of a small process. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FaultUpstream, startFaultUpstream } from '../support/fault-upstream.ts'
import { echoThrough } from '../support/faults/echo-load.ts'
import { watchMemory } from '../support/faults/vitals.ts'
import { type Gateway, startNodeGateway } from '../support/gateways.ts'

const gibibyte = 2 ** 30

let gateway: Gateway
let upstream: FaultUpstream
beforeAll(async () => {
  upstream = await startFaultUpstream()
  gateway = await startNodeGateway({ SHUB_URL: upstream.url })
})
afterAll(async () => {
  await Promise.all([gateway?.stop(), upstream?.close()])
})

it('carries 1 GiB both ways at once in less than 200 MiB', async () => {
  const memory = await watchMemory(gateway)
  const { seconds, ...outcome } = await echoThrough(gateway, gibibyte)
  const { atFirst, max } = memory.stop()
  expect(outcome).toEqual({ status: 200, bytes: gibibyte, same: true })
  process.stdout.write(
    `1 GiB there and back in ${seconds.toFixed(1)} s; resident ${atFirst.toFixed(0)} MiB before, ${max.toFixed(0)} MiB at most\n`,
  )
  expect(max).toBeLessThan(200)
})
