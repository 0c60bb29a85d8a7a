/** The variables of traces, by OpenTelemetry's names: what they mean, and what is refused. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { problemsOf } from './config-problems.ts'

const tracing = (env: Record<string, string>) => parseConfig(env).tracing
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.test:4318/' }

describe('traces', () => {
  it('are off without an endpoint, and where they are turned off', () => {
    expect(tracing({})).toBeNull()
    expect(tracing({ OTEL_TRACES_SAMPLER: 'always_on', OTEL_SERVICE_NAME: 'x' })).toBeNull()
    expect(tracing({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull()
  })

  it('go below the endpoint, or to the one for traces as it is', () => {
    expect(tracing(endpoint)).toMatchObject({
      url: 'http://collector.test:4318/v1/traces',
      serviceName: 'tentaculo-link',
      sampler: { name: 'parentbased_always_on', ratio: 1 },
      compress: false,
      timeoutMs: 10_000,
      delayMs: 5000,
      maxWaiting: 2048,
    })
    const own = { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://vendor.test/otlp/traces' }
    expect(tracing(own)?.url).toBe('https://vendor.test/otlp/traces')
  })

  it('take pairs with percent-encoded values', () => {
    const read = tracing({
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi, x-tenant = one ,',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=named,region=eu%2C west,empty=',
    })
    expect(read?.headers).toEqual({ authorization: 'Basic YTpi', 'x-tenant': 'one' })
    expect(read?.resource).toEqual({ region: 'eu, west', empty: '' })
    expect(read?.serviceName).toBe('named')
    expect(
      tracing({ ...endpoint, OTEL_RESOURCE_ATTRIBUTES: 'service.name=a', OTEL_SERVICE_NAME: 'b' })?.serviceName,
    ).toBe('b')
  })

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:secret-marker@collector:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://collector/v1/traces?key=secret-marker'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '0'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'secret-marker'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'content-length=5'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=secret-marker%0d%0ahost:x'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%zz'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a='],
    ['OTEL_RESOURCE_ATTRIBUTES', 'novalue'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%01'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'NaN'],
    ['OTEL_TRACES_SAMPLER_ARG', '-0.1'],
    ['OTEL_TRACES_SAMPLER_ARG', '5e-1'],
    ['OTEL_BSP_SCHEDULE_DELAY', '0'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '1e9'],
  ])('refuse %s=%s, without saying the value', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems.map(({ variable }) => variable)).toEqual([name])
    expect(JSON.stringify(problems)).not.toContain('secret-marker')
  })

  it.each([
    ['0', 0],
    ['1', 1],
    ['0.05', 0.05],
    ['.5', 0.5],
    ['1.0', 1],
  ])('take the share %s', (text, ratio) => {
    expect(tracing({ ...endpoint, OTEL_TRACES_SAMPLER_ARG: text })?.sampler.ratio).toBe(ratio)
  })
})
