import { describe, expect, it } from 'vitest'
import { upstreamNames } from '../../../src/config/config.ts'
import { timeShareMs } from '../../../src/modules/chat/chain/time-shares.ts'
import { contextHint, conversationSummary } from '../../../src/modules/chat/exchanges/context-hint.ts'
import { languageOf } from '../../../src/modules/chat/local/language.ts'
import { type LiveState, localAnswer } from '../../../src/modules/chat/local/local-answer.ts'

const quiet: LiveState = {
  now: 1_800_000_000_000,
  modules: Object.fromEntries(upstreamNames.map((name) => [name, 'DORMANT'])) as LiveState['modules'],
  window: null,
  windowUncertain: false,
  activeServices: [],
  lastEvents: [],
}

describe('the language of a message', () => {
  it.each([
    ['¿Qué está pasando?', 'es'],
    ['abre una ventana para switch', 'es'],
    ['estado', 'es'],
    ['Hola', 'es'],
    ['dime qué módulos hay', 'es'],
    ['what is going on', 'en'],
    ['open a window for switch', 'en'],
    ['status', 'en'],
    ['ffmpeg -i a.wav', 'en'],
    ['', 'en'],
    ['constructor __proto__ toString', 'en'],
  ])('of %j is %s', (message, language) => expect(languageOf(message)).toBe(language))
})

describe('the local answer', () => {
  it('tells what is up, what sleeps, the window, the last events and what to do', () => {
    const state: LiveState = {
      ...quiet,
      modules: { ...quiet.modules, madre: 'UP', shub: 'DOWN', switch: 'OFF_BY_POLICY', hermes: null },
      lastEvents: [{ at: '2027-01-15 07:59:00', severity: 'warn', summary: 'shub is down' }],
    }
    expect(localAnswer('what is up?', state).text.split('\n')).toEqual([
      'No model answered; this is the gateway itself with what it knows.',
      'Up: madre.',
      'Should run and do not answer: shub.',
      'Off by policy: switch.',
      'Not configured: hormiguero, manifestator, mcp, spawner, operator.',
      'Not measured yet: hermes.',
      'Mode solo_madre: no power window is open.',
      'Last events: [warn] shub is down (2027-01-15 07:59:00).',
      'What you can do next:',
      '- Open a power window for switch: POST /operator/api/window/open {"services": ["switch"]}',
      '- Look after shub: it should run and does not answer',
      '- See why each provider did not answer: `warnings` here, and GET /operator/api/chat/providers',
    ])
  })

  it('speaks Spanish to whoever does', () => {
    const window = { id: 'w', createdAtMs: null, deadlineMs: null, endsAtMs: quiet.now + 90_500 }
    const { text } = localAnswer('¿qué ventana hay abierta?', {
      ...quiet,
      window,
      activeServices: ['madre', 'hermes'],
      windowUncertain: true,
      lastEvents: null,
    })
    expect(text).toContain('Ningún modelo respondió')
    expect(text).toContain(
      'Una ventana de energía mantiene abierto hermes durante 90 s más. Madre no informa ahora de su estado',
    )
    expect(text).toContain('La base de datos no informa ahora')
    expect(text).toContain('Configurar SWITCH_URL')
  })

  it('is the same for the same state and repeats nothing of the message', () => {
    const message = 'SECRET-WORDS '.repeat(300)
    const first = localAnswer(message, quiet).text
    expect(localAnswer(message, quiet).text).toBe(first)
    expect(first).not.toContain('SECRET')
  })
})

describe('the allowance', () => {
  it('shares what is left, and leaves some for those behind', () => {
    expect(timeShareMs(4500, [2, 2, 1, 0])).toBe(1680)
    expect(timeShareMs(4500, [2, 1, 0])).toBe(2800)
    expect(timeShareMs(1000, [1, 0])).toBe(700)
    expect(timeShareMs(300, [1, 0])).toBe(200)
  })

  it('is never nothing, and the last needs none', () => {
    expect(timeShareMs(-50, [2, 1])).toBe(1)
    expect(timeShareMs(0, [0])).toBe(1)
    expect(timeShareMs(700, [0])).toBe(700)
  })
})

describe('CONTEXT-7', () => {
  const history = Array.from({ length: 60 }, (_, index) => ({ role: 'user' as const, content: `message ${index}` }))

  it('hints at fifty messages, the new one among them', () => {
    const hint = contextHint({ history, message: 'fix the python bug' })
    expect(hint).toMatchObject({
      message_count: 50,
      topic_cluster: 'code',
      session_signature: 'Msgs:50 Last:fix the python bug...',
    })
    expect(hint.last_messages.map(({ content }) => content)).toEqual([
      'message 57',
      'message 58',
      'message 59',
      'fix the python bug',
    ])
    expect(hint.compressed_context).toBe('message 56 | message 57 | message 58 | message 59 | fix the python bug')
    expect(hint.context_summary).toBe('user: message 58\nuser: message 59\nuser: fix the python bug')
  })

  it.each([
    ['this is classic', 'general'],
    ['hi there', 'chat'],
    ['¿cómo está el sistema?', 'system'],
    ['sube la pista de audio', 'audio'],
  ])('takes %j for %s: words count, not parts of them', (message, topic) =>
    expect(contextHint({ history: [], message }).topic_cluster).toBe(topic),
  )

  it('cuts between characters', () => {
    const turns = [{ role: 'user' as const, content: '😀'.repeat(200) }]
    expect(conversationSummary(turns, 512)).toBe(`user: ${'😀'.repeat(100)}`)
    expect(conversationSummary(turns, 10)).toBe(`user: ${'😀'.repeat(4)}...`)
  })
})
