/** Lets the gateway ask its own routes, through every layer, as a principal that lives as long as the app. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { KnownToken } from '../../config/principal.ts'
import type { AskSelf, Random } from '../../ports/index.ts'

export interface SelfClient {
  /** Accepted beside those of the configuration. The colon keeps its principal's name apart from theirs. */
  token: KnownToken
  ask: AskSelf
}

type Answering = (request: Request) => Response | Promise<Response>

export function selfClient(random: Pick<Random, 'bytes'>, answer: Answering): SelfClient {
  const token = bytesToHex(random.bytes(32))
  return {
    token: {
      sha256: bytesToHex(sha256(utf8ToBytes(token))),
      principal: { name: 'gateway:self', scopes: ['operator'], notAfterMs: null },
    },
    ask: async (path, init) => answer(selfRequest(`http://tentaculo_link${path}`, token, init)),
  }
}

export const selfRequest = (url: string, token: string, init: Parameters<AskSelf>[1]): Request =>
  new Request(url, {
    method: init?.method ?? 'GET',
    headers: { 'x-vx11-token': token, ...(init && { 'content-type': 'application/json' }) },
    ...(init && { body: JSON.stringify(init.json) }),
  })
