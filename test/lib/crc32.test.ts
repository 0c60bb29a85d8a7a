import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, it } from 'vitest'
import { crc32 } from '../../src/lib/crc32.ts'

it('is the checksum of ZIP and PNG', () => {
  const checks = ['', '123456789', 'The quick brown fox jumps over the lazy dog'].map((text) => bytesToHex(crc32(text)))
  expect(checks).toEqual(['00000000', 'cbf43926', '414fa339'])
})
