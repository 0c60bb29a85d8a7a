/** Where the OpenAPI document may differ from the linters' recommended rules, and why. An exception that nothing needs fails. */

export interface LintException {
  linter: 'redocly' | 'spectral'
  rule: string
  /** JSON pointers of what is meant. */
  places: readonly string[]
  reason: string
}

const redirects = ['/', '/operator', '/operator/ui'].map((path) => `/paths/${path.replaceAll('/', '~1')}`)
const console = '/paths/~1operator~1ui~1'
const socket = '/paths/~1ws/get/responses'

export const exceptions: readonly LintException[] = [
  {
    linter: 'redocly',
    rule: 'operation-2xx-response',
    places: [...redirects.map((path) => `${path}/get/responses`), socket],
    reason: 'The first three only redirect; the last answers 101, because it is a WebSocket.',
  },
  {
    linter: 'spectral',
    rule: 'operation-success-response',
    places: [socket],
    reason: 'It answers 101, because it is a WebSocket.',
  },
  {
    linter: 'redocly',
    rule: 'no-path-trailing-slash',
    places: [console],
    reason:
      'The console names its files by relative addresses, so that it works behind any prefix: a page in a folder.',
  },
  {
    linter: 'spectral',
    rule: 'path-keys-no-trailing-slash',
    places: [console],
    reason: 'The same.',
  },
]
