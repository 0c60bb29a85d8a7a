/** A gateway with simulated services before it, as the console's tests and pictures see it. */
import type { Gateway } from './gateways.ts'
import { get } from './simulators/routing.ts'
import { startShub } from './simulators/shub.ts'
import { type Simulator, startSimulator } from './simulators/simulator.ts'
import { startSwitch } from './simulators/switch.ts'

export const sceneToken = 'console-test-token-of-24-characters'

export interface Scene {
  gateway: Gateway
  shub: Simulator
  /** Called `switch` outside. */
  power: Simulator
  hermes: Simulator | null
  ask(path: string, init?: RequestInit): Promise<Response>
  post(path: string, body: unknown): Promise<Response>
  read<T>(path: string): Promise<T>
  stop(): Promise<void>
}

type Start = (env?: Record<string, string>) => Promise<Gateway>

interface SceneOptions {
  modelReply: (last: string) => string
  /** What hermes answers to questions about its health; without it there is no hermes. */
  hermesSays?: string
  env?: Record<string, string>
}

export async function startScene(start: Start, { modelReply, hermesSays, env = {} }: SceneOptions): Promise<Scene> {
  const [power, shub, hermes] = await Promise.all([
    startSwitch({ token: sceneToken, modelReply }),
    startShub({ token: sceneToken, analysis: 'works' }),
    hermesSays === undefined ? null : startSpeaker(hermesSays),
  ])
  const gateway = await start({
    VX11_TENTACULO_LINK_TOKEN: sceneToken,
    MADRE_URL: 'embedded',
    SWITCH_URL: power.url,
    SHUB_URL: shub.url,
    ...(hermes && { HERMES_URL: hermes.url }),
    VX11_RATE_LIMIT_CHAT: '1000',
    VX11_RATE_LIMIT_USER: '100000',
    ...env,
  })
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(gateway.url + path, { ...init, headers: { 'x-vx11-token': sceneToken, ...(init.headers as object) } })
  return {
    ...{ gateway, shub, power, hermes, ask },
    post: (path, body) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    read: async <T>(path: string) => (await (await ask(path)).json()) as T,
    async stop() {
      await gateway.stop()
      await Promise.all([power.close(), shub.close(), hermes?.close()])
    },
  }
}

const startSpeaker = (says: string): Promise<Simulator> =>
  startSimulator({
    title: 'speaker',
    routes: [get('/health', () => ({ status: 200, contentType: 'text/html', body: says }))],
  })
