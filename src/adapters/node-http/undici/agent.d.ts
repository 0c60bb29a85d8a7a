declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici'
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net'
  import type { buildConnector } from 'undici'

  type Connect = (...args: Parameters<buildConnector.connector>) => Socket
  export default function build(options?: buildConnector.BuildOptions): Connect
}
