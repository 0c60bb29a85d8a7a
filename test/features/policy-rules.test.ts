import { describe, expect, it } from 'vitest'
import { parseConfig, type UpstreamName } from '../../src/config/config.ts'
import { admission } from '../../src/modules/power/admission.ts'
import { dormantModules, moduleWord } from '../../src/modules/power/module-states.ts'
import { modeOf, type PowerState, powerState, settled, soloMadre } from '../../src/modules/power/power-state.ts'
import { jsonAnswer } from '../support/fake-network.ts'

const stateOf = (services: readonly string[]): PowerState => ({
  window: { id: 'w-1', createdAtMs: null, deadlineMs: null, endsAtMs: null },
  activeServices: services,
})

describe('the power state', () => {
  it('is full when a window lists all that policy closes', () => {
    const all = ['switch', 'hermes', 'hormiguero', 'spawner', 'mcp', 'manifestator']
    expect([modeOf(soloMadre), modeOf(stateOf(['switch'])), modeOf(stateOf(all))]).toEqual([
      'solo_madre',
      'windowed',
      'full',
    ])
  })

  it('holds a deadline to the second that madre counts, however its clock goes', () => {
    const told = { policy: 'windowed', window_id: 'w', created_at: null, active_services: ['b', 'a', 'b'] }
    const endsAt = (deadline: number, ttl_remaining_sec: number | null) =>
      powerState({ ...told, deadline, ttl_remaining_sec }, 100_000).window?.endsAtMs
    expect(endsAt(104_500, 4)).toBe(104_500)
    expect(endsAt(9_999_999, 4)).toBe(105_000)
    expect(endsAt(1, 4)).toBe(104_000)
    expect(endsAt(104_500, null)).toBe(104_500)
    expect(powerState({ ...told, deadline: null, ttl_remaining_sec: null }, 0)).toEqual(
      stateOf(['a', 'b']).window && {
        window: { id: 'w', createdAtMs: null, deadlineMs: null, endsAtMs: null },
        activeServices: ['a', 'b'],
      },
    )
  })

  it('loses the window’s services with the window, and keeps those that always run', () => {
    const open = stateOf(['madre', 'redis', 'switch'])
    const ending = { ...open, window: { id: 'w', createdAtMs: 0, deadlineMs: 50, endsAtMs: 50 } }
    expect(settled(ending, ['switch'], 49)).toBe(ending)
    expect(settled(ending, ['switch'], 50)).toEqual({ window: null, activeServices: ['madre', 'redis'] })
    expect(settled(open, ['switch'], Number.MAX_SAFE_INTEGER)).toBe(open)
  })
})

const config = (env: Record<string, string> = {}) =>
  parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'token-for-tests', ...env })
const reading = { state: soloMadre, degraded: false }

describe('admission', () => {
  it.each(['switch', 'hermes', 'hormiguero', 'spawner', 'mcp', 'manifestator'] as const)('closes %s', (name) => {
    expect(admission(config(), true, reading, name)).toMatchObject({ allowed: false, state: 'OFF_BY_POLICY' })
    expect(admission(config(), true, { state: stateOf([name]), degraded: false }, name)).toEqual({ allowed: true })
  })

  it.each(['madre', 'shub', 'operator'] as const)('never closes %s', (name) => {
    expect(admission(config(), true, reading, name)).toEqual({ allowed: true })
  })

  it('takes a gate for a window that is always open', () => {
    const gates = config({ HORMIGUERO_ENABLED: '1', MCP_ENABLED: 'on' })
    for (const name of ['hormiguero', 'mcp'] as const) {
      expect(admission(gates, true, reading, name)).toEqual({ allowed: true })
    }
    expect(admission(gates, true, reading, 'switch').allowed).toBe(false)
  })

  it('says of a module that is not configured how to start it and where to tell', () => {
    expect(admission(config(), false, reading, 'hormiguero')).toMatchObject({
      state: 'DORMANT',
      hint: 'hormiguero is dormant: start it with `docker compose --profile core up -d hormiguero` and set HORMIGUERO_URL to where it runs.',
    })
    expect(admission(config(), false, reading, 'operator')).toMatchObject({ state: 'ARCHIVED' })
  })
})

describe('module words', () => {
  const word = (name: UpstreamName, up: boolean | null, state = soloMadre, env = {}) =>
    moduleWord(config(env), state, name, up === null ? null : { up })

  it('tell what is measured first, then why a module is silent', () => {
    expect(word('switch', true)).toBe('UP')
    expect(word('switch', false)).toBe('OFF_BY_POLICY')
    expect(word('switch', false, stateOf(['switch']))).toBe('DOWN')
    expect(word('mcp', false, soloMadre, { MCP_ENABLED: 'true' })).toBe('DOWN')
    expect(word('shub', false)).toBe('DOWN')
    expect(word('madre', false)).toBe('DOWN')
    expect(word('switch', null)).toBe('DORMANT')
    expect(word('operator', null)).toBe('ARCHIVED')
  })

  it('come with the command that wakes each dormant module', () => {
    const asleep = dormantModules({})
    const commands = Object.fromEntries(asleep.map(({ name, activation }) => [name, activation]))
    expect(commands).toEqual({
      madre: 'docker compose up -d madre',
      switch: 'docker compose --profile core up -d switch',
      hermes: 'docker compose --profile core up -d hermes',
      hormiguero: 'docker compose --profile core up -d hormiguero',
      manifestator: 'docker compose --profile maintenance up -d manifestator',
      mcp: 'docker compose --profile core up -d mcp',
      shubniggurath: 'docker compose --profile audio up -d shubniggurath',
      spawner: 'docker compose --profile core up -d spawner',
      'operator-backend': null,
    })
    expect(asleep.find(({ name }) => name === 'shubniggurath')).toMatchObject({ port: 8007, status: 'dormant' })
    expect(dormantModules({ madre: async () => jsonAnswer({}) }).map(({ name }) => name)).not.toContain('madre')
  })
})
