import { describe, expect, it } from 'vitest'
import { cronTimes } from '../../src/lib/cron.ts'

const at = (text: string) => Date.parse(text)
const times = (pattern: string, timezone = 'UTC') => {
  const found = cronTimes(pattern, timezone)
  if (!found) throw new Error('no pattern')
  return found
}

describe('cron times', () => {
  it('are those of five fields, in their time zone', () => {
    expect(times('30 2 * * 1-5').after(at('2027-01-15T02:30:00Z'))).toBe(at('2027-01-18T02:30:00Z'))
    expect(times('30 2 * * *', 'Europe/Madrid').after(at('2027-01-15T00:00:00Z'))).toBe(at('2027-01-15T01:30:00Z'))
    expect(times('30 2 * * *', 'Europe/Madrid').after(at('2027-07-15T00:00:00Z'))).toBe(at('2027-07-15T00:30:00Z'))
    expect(times('0 0 29 2 *').after(at('2027-01-01T00:00:00Z'))).toBe(at('2028-02-29T00:00:00Z'))
    expect(times('0 0 30 2 *').after(at('2027-01-01T00:00:00Z'))).toBeNull()
  })

  it('name the last moment of a span, its ends included', () => {
    const hourly = times('0 * * * *')
    const noon = at('2027-01-15T12:00:00Z')
    expect(hourly.lastWithin(noon, 600_000)).toBe(noon)
    expect(hourly.lastWithin(noon + 600_000, 600_000)).toBe(noon)
    expect(hourly.lastWithin(noon + 600_001, 600_000)).toBeNull()
    expect(hourly.lastWithin(noon - 1, 600_000)).toBeNull()
    expect(times('* * * * *').lastWithin(noon + 59_999, 600_000)).toBe(noon)
  })

  it.each(['', '* * * *', '* * * * * *', '60 * * * *', 'x * * * *', '@daily'])('refuse %j', (pattern) => {
    expect(cronTimes(pattern, 'UTC')).toBeNull()
  })

  it('refuse a time zone that there is not', () => {
    expect(cronTimes('* * * * *', 'Mars/Olympus')).toBeNull()
  })
})
