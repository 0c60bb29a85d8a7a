/** Content codings for the gateway's own answers. */

export type ContentCoding = 'br' | 'gzip'

export type Compress = (coding: ContentCoding, bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>
