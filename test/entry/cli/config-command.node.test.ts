/** `tentaculo config`: the verdict of a start, and where each value came from, without a secret. */
import { describe, expect, it } from 'vitest'
import { configVariables, secretVariables } from '../../../src/config/config.ts'
import { runCommand } from '../../support/command.ts'

const secrets: Record<string, string> = {
  VX11_TENTACULO_LINK_TOKEN: 'marker-token-of-the-link',
  VX11_GATEWAY_TOKEN: 'marker-token-of-gateway',
  VX11_OPERATOR_TOKEN: 'marker-token-of-operator',
  VX11_TOKENS: '[{"name": "night", "token": "marker-token-of-night", "scopes": ["operator"]}]',
  VX11_UPSTREAM_TOKEN: 'marker-token-upstream',
  VX11_UPSTREAM_HEADERS: '{"shub": {"x-access": "marker-header"}}',
  VX11_TENTACULO_LINK_SHARED_SECRET: 'marker-shared-secret',
  VX11_DATABASE_AUTH_TOKEN: 'marker-database',
  VX11_REDIS_URL: 'redis://user:marker@cache:6379/2',
  REDIS_URL: 'rediss://:marker%40@cache',
  DEEPSEEK_API_KEY: 'marker-key',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20marker-collector',
  VX11_WEBHOOKS: `[{"name": "night", "url": "https://hooks.example/marker", "secret": "whsec_${btoa('marker-secret-of-the-night')}"}]`,
}

interface Shown {
  name: string
  value: string | null
  source: string
}
const shown = async (env: Record<string, string>, ...options: string[]) => {
  const { status, out } = await runCommand(['config', 'show', '--json', ...options], { env })
  expect(status).toBe(0)
  return JSON.parse(out) as Shown[]
}

describe('tentaculo config show', () => {
  it('hides every secret, in text and in JSON', async () => {
    expect(Object.keys(secrets).toSorted()).toEqual([...secretVariables].toSorted())
    const { status, out, err } = await runCommand(['config', 'show'], { env: secrets })
    expect(status).toBe(0)
    const json = await shown(secrets)
    expect(out + err + JSON.stringify(json)).not.toContain('marker')
    expect(json.find(({ name }) => name === 'VX11_REDIS_URL')?.value).toBe('redis://********@cache:6379/2')
  })

  it('lists every variable with its value and where that came from', async () => {
    const all = await shown({ PORT: '9000', HOST: '' })
    expect(all.map(({ name }) => name)).toEqual(configVariables.map(({ name }) => name))
    const of = (wanted: string) => all.find(({ name }) => name === wanted)
    expect(of('PORT')).toMatchObject({ value: '9000', source: 'environment' })
    expect(of('HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' })
    expect(of('VX11_TOKENS')).toMatchObject({ value: null, source: 'default' })
    expect(await shown({ PORT: '9000' }, '--changed')).toHaveLength(1)
  })

  it('names a bad value without showing it', async () => {
    const { out } = await runCommand(['config', 'show'], { env: { PORT: 'marker\u001b[2J' } })
    expect(out).toMatch(/^PORT +environment {2}not valid: it must be a whole number/m)
    expect(out).not.toContain('marker')
  })
})

describe('tentaculo config check', () => {
  const check = async (env: Record<string, string>) => {
    const { status, out } = await runCommand(['config', 'check', '--json'], { env })
    return { status, ...(JSON.parse(out) as { valid: boolean; problems: { variable: string }[]; warnings: string[] }) }
  }

  it('judges as a start would', async () => {
    const good = await check({ VX11_TENTACULO_LINK_TOKEN: 'a-token-of-one-gateway' })
    expect(good).toEqual({ status: 0, valid: true, problems: [], warnings: [] })
    expect(await check({})).toMatchObject({ status: 0, warnings: [expect.stringContaining('No token is set')] })
    const bad = await check({ PORT: 'x', SHUB_URL: 'ftp://shub' })
    expect([bad.status, bad.problems.map(({ variable }) => variable)]).toEqual([1, ['PORT', 'SHUB_URL']])
    expect((await check({ VX11_ENV: 'production' })).status).toBe(1)
    expect(await check({ VX11_RATE_LIMIT_DEFUALT: '5' })).toMatchObject({
      warnings: [expect.stringContaining('VX11_RATE_LIMIT_DEFUALT'), expect.anything()],
    })
  })
})
