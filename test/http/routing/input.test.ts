/** What a caller is told about input that does not fit: the schema's words, never a pattern and never the input. */
import { describe, expect, it } from 'vitest'
import { testApp } from '../../support/test-app.ts'

describe('invalid input', () => {
  it.each([
    ['/operator/api/metrics?period=999y-secret', undefined, 'Expected a span such as 15m, 24h or 7d'],
    ['/operator/api/chat', { message: '' }, 'Expected a message'],
    ['/operator/api/events?limit=ten-secret', undefined, 'Expected a whole number of at least 1, in digits'],
    ['/operator/api/events?limit=0', undefined, 'Expected a whole number of at least 1, in digits'],
    ['/operator/api/events?offset=10001', undefined, 'Expected a whole number from 0 to 10000, in digits'],
    ['/hormiguero/incidents?status=SECRET', undefined, 'Expected 1 to 32 small letters or underscores'],
    ['/operator/snapshot?t=-1', undefined, 'Expected a whole number that a double can hold, in digits'],
    ['/events/ingest', { source: 'a\nsecret', type: 'x', payload: {} }, 'Expected one line of text'],
    ['/events/ingest', { source: 'a', type: 'x', payload: ['secret'] }, 'Expected an object'],
    ['/events/ingest', { source: 1, type: 'x', payload: {} }, 'Expected string, got a number'],
    ['/vx11/window/close', {}, 'Required, and missing'],
    ['/operator/api/chat', { message: { secret: 1 } }, 'Expected string, got an object'],
    ['/operator/api/chat', { message: 'x', stream: 'secret' }, 'Expected boolean, got a string'],
    ['/operator/api/chat', { message: 'x', metadata: ['secret'] }, 'Expected an object'],
  ])('to %s is told in words', async (path, body, msg) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    const text = await (await testApp().authorized(path, init)).text()
    expect(JSON.parse(text)).toMatchObject({ error: 'validation_error', detail: [{ msg }] })
    expect(text.toLowerCase()).not.toContain('secret')
  })
})
