import { describe, inject } from 'vitest'
import { fetchTransport } from '../../src/adapters/fetch/transport.ts'
import { transportContract } from '../support/contracts/transport.ts'

describe('fetch on workerd', () => {
  const transport = fetchTransport({
    fetch: (url, init) => fetch(url, init),
    fixedLength: (stream, bytes) => stream.pipeThrough(new FixedLengthStream(bytes)),
  })
  transportContract(transport, () => inject('echoUrl'), {
    namesFailures: false,
    readsRawBytes: false,
    limitsIdleTime: false,
    limitsHeaderSize: false,
  })
})
