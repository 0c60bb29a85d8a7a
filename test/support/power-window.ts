/** Makes the simulated madre report a power window. */
import { type FakeNetwork, jsonAnswer } from './fake-network.ts'

const stateUrl = 'http://madre.test:8001/madre/power/state'

/** Without services no window is open. */
export function tellWindow(network: FakeNetwork, services: readonly string[]): void {
  const moment = '2027-01-15T08:10:00Z'
  const open = { policy: 'windowed', window_id: 'w-1', created_at: moment, deadline: moment, ttl_remaining_sec: 600 }
  const none = { policy: 'solo_madre', window_id: null, created_at: null, deadline: null, ttl_remaining_sec: null }
  const state = services.length > 0 ? open : none
  network.answer(stateUrl, jsonAnswer({ ...state, active_services: ['madre', 'redis', ...services] }))
}

export const bodyOf = ({ init }: { init: { body: unknown } }): unknown =>
  JSON.parse(new TextDecoder().decode(init.body as Uint8Array))
