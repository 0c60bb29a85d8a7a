/** A gateway with a simulated switch and shub behind it, as the console's tests and pictures see it. */
import type { Gateway } from './gateways.ts'
import { startShub } from './simulators/shub.ts'
import { startSwitch } from './simulators/switch.ts'

export const sceneToken = 'console-test-token-of-24-characters'

export interface Scene {
  gateway: Gateway
  shub: Awaited<ReturnType<typeof startShub>>
  ask(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body: unknown): Promise<Response>
  read<T>(path: string): Promise<T>
  stop(): Promise<void>
}

type Start = (env?: Record<string, string>) => Promise<Gateway>

export async function startScene(start: Start, modelReply: (last: string) => string): Promise<Scene> {
  const [power, shub] = await Promise.all([
    startSwitch({ token: sceneToken, modelReply }),
    startShub({ token: sceneToken, analysis: 'works' }),
  ])
  const gateway = await start({
    VX11_TENTACULO_LINK_TOKEN: sceneToken,
    MADRE_URL: 'embedded',
    SWITCH_URL: power.url,
    SHUB_URL: shub.url,
    VX11_RATE_LIMIT_CHAT: '1000',
  })
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(gateway.url + path, { ...init, headers: { 'x-vx11-token': sceneToken, ...(init.headers as object) } })
  return {
    ...{ gateway, shub, ask },
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    read: async <T>(path: string) => (await (await ask(path)).json()) as T,
    async stop() {
      await gateway.stop()
      await Promise.all([power.close(), shub.close()])
    },
  }
}
