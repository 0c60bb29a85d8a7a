/** Brotli and gzip by Node's thread pool. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Compress } from '../../ports/index.ts'

const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)]

/** Brotli's default of 11 takes a hundred times as long for a sixth less. */
const quality = 4

export const zlibCompress: Compress = async (coding, bytes) =>
  coding === 'gzip' ? toGzip(bytes) : toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
