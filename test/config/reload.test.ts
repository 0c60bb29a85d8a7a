/** What a running gateway takes over, what waits for a restart, and the hash of what is in force. */
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/config.ts'
import { configurationHash, takeOver } from '../../src/config/reload.ts'

function reload(before: Record<string, string>, after: Record<string, string>) {
  const { config, sources } = readConfiguration(before)
  const next = readConfiguration(after)
  return { config, before: sources.texts, next, ...takeOver(config, sources.texts, next) }
}

describe('a reload', () => {
  it('takes over tokens, limits, gates, breakers, retention and addresses', () => {
    const after = {
      VX11_OPERATOR_TOKEN: 'another-token',
      VX11_RATE_LIMIT_USER: '7',
      MCP_ENABLED: 'true',
      VX11_RETENTION_LOG_DAYS: '3',
      VX11_CHAT_RETENTION_DAYS: '9',
      SHUB_URL: 'http://shub',
      SWITCH_URL: 'http://switch',
      VX11_MAX_IN_FLIGHT: '40',
      VX11_BREAKER_FAILURES: '9',
      VX11_BREAKER_COOLDOWN_S: '7',
      VX11_BACKUP_KEEP: '5',
    }
    const { config, next, changed, needRestart } = reload(
      { SHUB_URL: 'http://before', HERMES_URL: 'http://gone' },
      after,
    )
    expect(config).toEqual(next.config)
    expect(changed.toSorted()).toEqual([...Object.keys(after), 'HERMES_URL'].sort())
    expect(needRestart).toEqual([])
  })

  it('leaves everything else as it is, and names it', () => {
    const { config, texts, before, changed, needRestart } = reload(
      { PORT: '1' },
      { PORT: '2', VX11_BACKUP_DIR: '/elsewhere', MADRE_URL: 'http://madre', SHUB_URL: 'binding:SHUB' },
    )
    expect(needRestart).toEqual(['PORT', 'MADRE_URL', 'SHUB_URL', 'VX11_BACKUP_DIR'])
    expect([changed, config.port, config.backup.directory]).not.toContain('/elsewhere')
    expect([changed, config.port]).toEqual([[], 1])
    expect([config.upstreams.madre.kind, config.upstreams.shub.kind]).toEqual(['embedded', 'dormant'])
    expect(configurationHash(texts)).toBe(configurationHash(before))
  })

  it('goes back to the default of what is no longer set', () => {
    const { config, changed, texts } = reload({ VX11_RATE_LIMIT_IP: '9', MCP_ENABLED: '1' }, {})
    expect([config.rateLimit.perMinute.ip, config.gates.mcp, changed.length]).toEqual([5000, false, 2])
    expect(texts.size).toBe(0)
  })
})

describe('the hash', () => {
  const hash = (env: Record<string, string>) => configurationHash(readConfiguration(env).sources.texts)

  it('is that of the values, whatever their order and wherever the instance listens', () => {
    expect(hash({ LOG_LEVEL: 'warn', VX11_ENV: 'development' })).toBe(
      hash({ VX11_ENV: 'development', LOG_LEVEL: 'warn' }),
    )
    expect(hash({ LOG_LEVEL: 'warn', PORT: '1', HOST: '::1' })).toBe(hash({ LOG_LEVEL: 'warn', PORT: '2' }))
    expect(hash({ LOG_LEVEL: 'warn' })).not.toBe(hash({ LOG_LEVEL: 'info' }))
    expect(hash({})).toMatch(/^[0-9a-f]{16}$/)
  })
})
