/** Starts simulators for a test file and stops them after each test. */
import { afterEach } from 'vitest'
import { type MadreOptions, startMadre } from './madre.ts'
import { type ShubOptions, startShub } from './shub.ts'
import type { Simulator } from './simulator.ts'
import { type SwitchOptions, startSwitch } from './switch.ts'

const running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
})

async function start(simulator: Promise<Simulator>): Promise<Simulator> {
  running.push(await simulator)
  return simulator
}

export const runningMadre = (options?: MadreOptions) => start(startMadre(options))
export const runningSwitch = (options?: SwitchOptions) => start(startSwitch(options))
export const runningShub = (options?: ShubOptions) => start(startShub(options))

export const jsonPost = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** A clock that tests move. */
export function movableClock(start = Date.UTC(2026, 0, 1)) {
  let time = start
  return {
    now: () => time,
    pass(ms: number): void {
      time += ms
    },
  }
}
