import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ShubDashboard } from '../../src/features/shub/dashboard.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const shub = 'http://shub.test:8007'

describe('GET /shub/dashboard', () => {
  const read = async (gateway: ReturnType<typeof testApp>) => {
    const response = await gateway.authorized('/shub/dashboard')
    expect(response.status).toBe(200)
    return v.parse(ShubDashboard, await response.json())
  }

  it('puts together what shub tells', async () => {
    const gateway = testApp()
    gateway.network.answer(`${shub}/health`, jsonAnswer({ status: 'ok' }))
    gateway.network.answer(`${shub}/ready`, jsonAnswer({ ready: true }))
    gateway.network.answer(`${shub}/status`, jsonAnswer({ batch_jobs_active: 2 }))
    expect(await read(gateway)).toMatchObject({
      ...{ status: 'ok', degraded: false, health: { status: 'ok' }, ready: { ready: true } },
      ...{ state: { batch_jobs_active: 2 }, reasons: { health: null, ready: null, state: null } },
    })
  })

  it('says which part is missing, and why', async () => {
    const gateway = testApp()
    gateway.network.answer(`${shub}/health`, jsonAnswer({ status: 'ok' }))
    gateway.network.answer(`${shub}/ready`, jsonAnswer([]))
    gateway.network.answer(`${shub}/status`, jsonAnswer({ detail: 'Invalid VX11 token' }, 403))
    expect(await read(gateway)).toMatchObject({
      ...{ status: 'degraded', degraded: true, ready: null, state: null },
      reasons: { health: null, ready: 'malformed_answer', state: 'status_403' },
    })
  })

  it('says that shub is down, or that nobody configured it', async () => {
    expect(await read(testApp())).toMatchObject({ status: 'service_offline', reasons: { health: 'shub_unavailable' } })
    expect(await read(testApp({ env: { SHUB_URL: '' } }))).toMatchObject({ reasons: { state: 'not_configured' } })
    await expectProblem(await testApp().request('/shub/dashboard'), 'forbidden')
  })
})
