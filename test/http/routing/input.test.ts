/** What a caller is told about input that does not fit: the schema's words, never a pattern and never the input. */
import { describe, expect, it } from 'vitest'
import { testApp } from '../../support/test-app.ts'

describe('invalid input', () => {
  it.each([
    ['/operator/api/metrics?period=999y-secret', undefined, 'Expected a span such as 15m, 24h or 7d'],
    ['/operator/api/chat', { message: '' }, 'Expected a message'],
    ['/vx11/window/close', {}, 'Required, and missing'],
    ['/operator/api/chat', { message: { secret: 1 } }, 'Expected string, got an object'],
    ['/operator/api/chat', { message: 'x', stream: 'secret' }, 'Expected boolean, got a string'],
    ['/operator/api/chat', { message: 'x', metadata: ['secret'] }, 'Expected an object'],
  ])('to %s is told in words', async (path, body, msg) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    const text = await (await testApp().authorized(path, init)).text()
    expect(JSON.parse(text)).toMatchObject({ error: 'validation_error', detail: [{ msg }] })
    expect(text).not.toContain('secret')
  })
})
