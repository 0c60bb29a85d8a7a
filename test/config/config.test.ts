/** What an empty environment becomes, and how booleans, numbers, words and folders are read. */
import { describe, expect, it } from 'vitest'
import { configVariables, parseConfig } from '../../src/config/config.ts'
import { badVariables, problemsOf } from './config-problems.ts'

describe('an empty environment', () => {
  it('gives a working development gateway', () => {
    expect(parseConfig({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 8000,
      dataDir: './data',
      logFormat: null,
      logLevel: 'info',
      logPaths: true,
      logQuery: [],
      tracing: null,
      drain: { delayMs: 0, timeoutMs: 15_000 },
      knownTokens: [],
      openV7Paths: false,
      allowedOrigins: [],
      trustedProxies: 0,
      trustCfConnectingIp: true,
      cronEnabled: true,
      eventsLocation: null,
      upstreams: {
        madre: { kind: 'embedded' },
        switch: { kind: 'dormant' },
        shub: { kind: 'dormant' },
        hermes: { kind: 'dormant' },
        hormiguero: { kind: 'dormant' },
        manifestator: { kind: 'dormant' },
        mcp: { kind: 'dormant' },
        spawner: { kind: 'dormant' },
        operator: { kind: 'dormant' },
      },
      hedgedUpstreams: [],
      upstreamToken: null,
      upstreamHeaders: {},
      shubSharedSecret: null,
      statusPage: false,
      database: { url: 'file:./data/vx11.db', authToken: null, maxBytes: null },
      redisUrl: null,
      cache: {
        enabled: true,
        healthTtlMs: 60_000,
        stale: Object.fromEntries(
          ['shub/health', 'shub/ready', 'shub/openapi.json', 'status'].map((view) => [
            view,
            { whileRevalidateMs: 0, ifErrorMs: 0 },
          ]),
        ),
      },
      rateLimit: {
        enabled: true,
        isShadow: false,
        perMinute: { ip: 5000, public: 1000, user: 1000, protected: 100, chat: 10, chat_principal: 60 },
      },
      upstreamIdle: { eventStreamMs: 300_000, own: {} },
      breaker: { failures: 5, cooldownMs: 60_000 },
      maxInFlight: 256,
      maxBodyBytes: 1_073_741_824,
      chat: {
        allowDeepseek: false,
        deepseekApiKey: null,
        deepseekBaseUrl: null,
        mockProviders: false,
        timeoutMs: 4500,
        switchLane: 'models',
        localLlmUrl: null,
        localLlmModel: null,
        models: {},
        rotation: { mode: 'off', explorePct: 5 },
        retentionDays: null,
        dailyTokens: null,
        prices: new Map(),
      },
      codevEnabled: false,
      controlEnabled: true,
      features: { events: true, metrics: true, settings: true, audit: true, manifestator: true },
      gates: { hormiguero: false, shubniggurath: false, mcp: false, hormigueroBuilder: false },
      eventStreams: 1000,
      windowServices: [
        'tentaculo_link',
        'switch',
        'hermes',
        'hormiguero',
        'manifestator',
        'mcp',
        'shubniggurath',
        'spawner',
        'operator-backend',
        'operator-frontend',
      ],
      wake: { enabled: false, idleS: 600, maxS: 3600, timeoutMs: 30_000, perHour: 12, schedules: [] },
      timeline: { share: 1, slowMs: 2000, maxRows: 1_000_000 },
      retention: {
        profile: 'default',
        daysByTable: {
          incidents: 90,
          model_usage_stats: 90,
          pheromone_log: 30,
          intents_log: 30,
          ia_decisions: 30,
          routing_events: 30,
          cli_usage_stats: 30,
          system_events: 30,
          scheduler_history: 30,
        },
        autoApplyMib: 500,
        allowed: false,
      },
      backup: { directory: './data/backups', keep: 2 },
      evidenceDir: './data/evidence',
      webhooks: [],
    })
  })

  it('is what empty strings amount to', () => {
    const blanks = Object.fromEntries(configVariables.map(({ name }) => [name, '']))
    expect(parseConfig(blanks)).toEqual(parseConfig({}))
  })

  it('is not disturbed by the bindings that stand beside the variables on workerd', () => {
    const bindings: object = { DB: { prepare() {} }, PORT: { not: 'text' } }
    expect(parseConfig({ ...bindings })).toEqual(parseConfig({}))
  })

  it('does not look up its prototype', () => {
    expect(parseConfig(Object.create({ PORT: '1' })).port).toBe(8000)
  })
})

describe('every variable of the table', () => {
  it.each(configVariables.filter(({ fallback }) => fallback !== null))(
    '$name has a default that is valid',
    (variable) => {
      expect(problemsOf({ [variable.name]: variable.fallback ?? '' })).toEqual([])
    },
  )

  it('is listed once', () => {
    const names = configVariables.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(configVariables.filter(({ name }) => name !== 'NODE_ENV'))(
    '$name is read: nonsense is refused',
    ({ name }) => {
      expect(badVariables({ [name]: '\u0000 ?' })).toEqual([name])
    },
  )
})

describe('booleans', () => {
  it.each(['1', 'true', 'TRUE', 'yes', 'Yes', 'on', 'oN'])('%s is true', (text) => {
    expect(parseConfig({ VX11_V7_OPEN_PATHS: text }).openV7Paths).toBe(true)
  })

  it.each(['0', 'false', 'False', 'no', 'NO', 'off', 'ofF'])('%s is false', (text) => {
    expect(parseConfig({ VX11_CACHE_ENABLED: text }).cache.enabled).toBe(false)
  })

  it.each(['2', 'y', 'enabled', ' true', 'true ', '01', 'null'])('%j is refused', (text) => {
    expect(badVariables({ VX11_CACHE_ENABLED: text })).toEqual(['VX11_CACHE_ENABLED'])
  })

  it('reach the setting they are named after, and no other', () => {
    const config = parseConfig({
      VX11_RATE_LIMIT_ENABLED: '0',
      VX11_CHAT_ALLOW_DEEPSEEK: '1',
      VX11_MOCK_PROVIDERS: '1',
      VX11_OPERATOR_CODEV_ENABLED: '1',
      VX11_OPERATOR_CONTROL_ENABLED: '0',
      VX11_SETTINGS_ENABLED: '0',
      VX11_MANIFESTATOR_ENABLED: '0',
      SHUBNIGGURATH_ENABLED: '1',
      HORMIGUERO_BUILDER_ENABLED: '1',
    })
    expect(config.rateLimit.enabled).toBe(false)
    expect(config.chat).toMatchObject({ allowDeepseek: true, mockProviders: true })
    expect(config).toMatchObject({ codevEnabled: true, controlEnabled: false })
    expect(config.features).toEqual({ events: true, metrics: true, settings: false, audit: true, manifestator: false })
    expect(config.gates).toEqual({ hormiguero: false, shubniggurath: true, mcp: false, hormigueroBuilder: true })
  })
})

describe('numbers', () => {
  it.each([
    ['PORT', 0, 65_535],
    ['VX11_TRUST_PROXY', 0, 32],
    ['VX11_CACHE_TTL_HEALTH', 1, 86_400],
    ['VX11_RATE_LIMIT_IP', 1, 1_000_000],
    ['VX11_RATE_LIMIT_DEFAULT', 1, 1_000_000],
    ['VX11_RATE_LIMIT_USER', 1, 1_000_000],
    ['VX11_RATE_LIMIT_PROTECTED', 1, 1_000_000],
    ['VX11_RATE_LIMIT_CHAT', 1, 1_000_000],
    ['VX11_BREAKER_FAILURES', 1, 1000],
    ['VX11_BREAKER_COOLDOWN_S', 1, 86_400],
    ['VX11_MAX_IN_FLIGHT', 1, 100_000],
    ['VX11_MAX_BODY_BYTES', 1, 2 ** 40],
    ['VX11_CHAT_TIMEOUT_MS', 1, 600_000],
    ['VX11_CHAT_DAILY_TOKENS', 1, 1_000_000_000],
    ['VX11_RETENTION_LOG_DAYS', 1, 36_500],
    ['VX11_BACKUP_KEEP', 1, 1000],
  ])('%s goes from %d to %d', (name, min, max) => {
    expect([min, max].map(String).flatMap((text) => problemsOf({ [name]: text }))).toEqual([])
    for (const text of [min - 1, max + 1].map(String)) expect(badVariables({ [name]: text })).toEqual([name])
  })

  it.each([
    '1e3',
    '0x10',
    '0b1',
    '1_000',
    '1,000',
    '+80',
    '-0',
    '80.0',
    ' 80',
    '80 ',
    '080',
    'NaN',
    'Infinity',
    '８０',
    '1n',
  ])('%j is no number', (text) => {
    expect(badVariables({ PORT: text })).toEqual(['PORT'])
  })

  it('carry their unit into the configuration', () => {
    const config = parseConfig({
      VX11_CACHE_TTL_HEALTH: '5',
      VX11_BREAKER_COOLDOWN_S: '7',
      VX11_RATE_LIMIT_DEFAULT: '9',
    })
    expect(config.cache.healthTtlMs).toBe(5000)
    expect(config.breaker.cooldownMs).toBe(7000)
    expect(config.rateLimit.perMinute).toEqual({
      ip: 5000,
      public: 9,
      user: 1000,
      protected: 100,
      chat: 10,
      chat_principal: 60,
    })
  })
})

describe('words', () => {
  it.each([
    ['DEBUG', 'debug'],
    ['Warning', 'warn'],
    ['warn', 'warn'],
    ['error', 'error'],
  ])('LOG_LEVEL=%s is %s', (text, level) => {
    expect(parseConfig({ LOG_LEVEL: text }).logLevel).toBe(level)
  })

  it.each([
    ['LOG_LEVEL', 'trace'],
    ['VX11_ENV', 'prod'],
    ['VX11_SWITCH_CHAT_LANE', 'language'],
    ['VX11_CHAT_PRICES', '[]'],
    ['VX11_CHAT_PRICES', '{"model":{"input":-1,"output":1}}'],
    ['VX11_LOCAL_LLM_MODEL', 'two words'],
    ['VX11_CHAT_ROTATION', 'maybe'],
    ['VX11_CHAT_EXPLORE_PCT', '21'],
    ['VX11_CHAT_MODELS', '["deepseek-chat"]'],
    ['VX11_CHAT_MODELS', '{"deepseek_r1": []}'],
    ['VX11_CHAT_MODELS', '{"deepseek_r1": ["one", "one"]}'],
    ['VX11_CHAT_MODELS', '{"deepseek_r1": ["two words"]}'],
    ['VX11_CHAT_MODELS', '{"switch": ["one"]}'],
    ['VX11_CHAT_MODELS', `{"local_llm": ${JSON.stringify([...'123456789'])}}`],
    ['VX11_RETENTION_PROFILE', 'lowpower'],
    ['HOST', 'localhost:8000/x'],
    ['HOST', '[::1]'],
    ['VX11_DATA_DIR', ' '],
    ['VX11_DATA_DIR', 'a\u0000b'],
  ])('%s refuses %j', (name, text) => {
    expect(badVariables({ [name]: text })).toEqual([name])
  })

  it.each(['0.0.0.0', '::1', '::', 'gateway.internal', 'tentaculo_link'])('HOST takes %s', (host) => {
    expect(parseConfig({ HOST: host }).host).toBe(host)
  })
})

describe('folders', () => {
  it('puts the database and the backups into the data folder', () => {
    const config = parseConfig({ VX11_DATA_DIR: '/var/lib/vx11//' })
    expect(config.dataDir).toBe('/var/lib/vx11')
    expect(config.database.url).toBe('file:/var/lib/vx11/vx11.db')
    expect(config.backup.directory).toBe('/var/lib/vx11/backups')
  })

  it('leaves the root folder alone', () => {
    expect(parseConfig({ VX11_DATA_DIR: '/' }).dataDir).toBe('/')
  })

  it('lets the backups live elsewhere', () => {
    expect(parseConfig({ VX11_BACKUP_DIR: '/mnt/backups/', VX11_BACKUP_KEEP: '7' }).backup).toEqual({
      directory: '/mnt/backups',
      keep: 7,
    })
  })
})

describe('VX11_ALLOWED_WINDOW_SERVICES', () => {
  it.each([
    ['switch, hermes,switch', ['switch', 'hermes']],
    ['["mcp","operator-backend"]', ['mcp', 'operator-backend']],
  ])('%s is %j', (text, services) => {
    expect(parseConfig({ VX11_ALLOWED_WINDOW_SERVICES: text }).windowServices).toEqual(services)
  })

  it.each([',', '[]', 'Switch', 'switch;hermes', '../x', 'madre', 'switch,redis', '1st'])('refuses %j', (text) => {
    expect(badVariables({ VX11_ALLOWED_WINDOW_SERVICES: text })).toEqual(['VX11_ALLOWED_WINDOW_SERVICES'])
  })
})

describe('retention', () => {
  it('keeps logs for a week in the low power profile, incidents as long as ever', () => {
    const { retention } = parseConfig({ VX11_RETENTION_PROFILE: 'low_power' })
    expect(retention.daysByTable).toMatchObject({ incidents: 90, model_usage_stats: 90, system_events: 7 })
  })

  it('takes the profile from ULTRA_LOW_MEMORY when none is named', () => {
    expect(parseConfig({ ULTRA_LOW_MEMORY: 'true' }).retention.profile).toBe('low_power')
    expect(parseConfig({ ULTRA_LOW_MEMORY: 'true', VX11_RETENTION_PROFILE: 'default' }).retention.profile).toBe(
      'default',
    )
  })

  it('lets one table differ from its class, and a class from its default', () => {
    const { daysByTable } = parseConfig({
      VX11_RETENTION_LOG_DAYS: '14',
      VX11_RETENTION_LOG_DAYS_LOW_POWER: '3',
      VX11_RETENTION_ROUTING_EVENTS_DAYS: '1',
    }).retention
    expect(daysByTable).toMatchObject({ routing_events: 1, pheromone_log: 14, scheduler_history: 14 })
  })
})

describe('a stop', () => {
  const token = { VX11_TENTACULO_LINK_TOKEN: 'a-token-of-24-characters' }

  it('is announced for five seconds in production, and for none elsewhere', () => {
    expect(parseConfig({ VX11_ENV: 'production', ...token }).drain).toEqual({ delayMs: 5000, timeoutMs: 15_000 })
    const told = { VX11_DRAIN_DELAY_S: '0', VX11_DRAIN_TIMEOUT_S: '1' }
    expect(parseConfig({ VX11_ENV: 'production', ...token, ...told }).drain).toEqual({ delayMs: 0, timeoutMs: 1000 })
  })

  it('lasts longer than it is announced', () => {
    expect(badVariables({ VX11_DRAIN_DELAY_S: '15' })).toEqual(['VX11_DRAIN_TIMEOUT_S'])
    const short = { VX11_ENV: 'production', ...token, VX11_DRAIN_TIMEOUT_S: '5' }
    expect(badVariables(short)).toEqual(['VX11_DRAIN_TIMEOUT_S'])
  })
})
