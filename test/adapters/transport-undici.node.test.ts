import { afterAll, beforeAll, describe } from 'vitest'
import { undiciTransport } from '../../src/adapters/undici/transport.ts'
import { transportContract } from '../support/contracts/transport.ts'
import { startEchoServer } from '../support/echo-server.ts'

describe('undici on Node', () => {
  const { transport, close } = undiciTransport()
  let echo: Awaited<ReturnType<typeof startEchoServer>>
  beforeAll(async () => {
    echo = await startEchoServer()
  })
  afterAll(async () => {
    await close()
    await echo.close()
  })
  transportContract(transport, () => echo.url, {
    namesFailures: true,
    readsRawBytes: true,
    limitsIdleTime: true,
    limitsHeaderSize: true,
  })
})
