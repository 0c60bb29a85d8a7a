/** The simulated shub, asked as a client of the contract would. */
import { describe, expect, it } from 'vitest'
import { jsonPost, runningShub } from './running.ts'

describe('shub', () => {
  const withToken = { 'x-vx11-token': 'shub-token' }

  it('is public where the contract says so, and 403 elsewhere', async () => {
    const { url } = await runningShub()
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      status: 'ok',
      module: 'shubniggurath',
      version: '7.0-FASE1',
    })
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({
      ready: true,
      dsp_ready: true,
      vx11_bridge_ready: true,
    })
    for (const path of ['/status', '/api/reaper/projects']) {
      const response = await fetch(url + path)
      expect([response.status, await response.json()]).toEqual([403, { detail: 'Invalid VX11 token' }])
    }
  })

  it('fails at analysis, as the real one does', async () => {
    const { url } = await runningShub()
    const response = await fetch(`${url}/api/analyze`, jsonPost({ audio_path: '/a.wav' }, withToken))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ detail: "Analysis failed: 'str' object has no attribute 'shape'" })
  })

  it('can work as designed', async () => {
    const { url } = await runningShub({ analysis: 'works' })
    for (const path of ['/api/analyze', '/api/mastering'])
      expect(await (await fetch(url + path, jsonPost({ audio_path: '/a.wav' }, withToken))).json()).toMatchObject({
        success: true,
      })
  })

  it('takes a batch, fails its files, and cancels by POST', async () => {
    const { url } = await runningShub()
    const batch = jsonPost({ job_name: 'j1', audio_files: ['/a.wav', '/b.wav'] }, withToken)
    const submit = async () => (await (await fetch(`${url}/api/batch/submit`, batch)).json()) as { job_id: string }
    const first = await submit()
    expect(first).toMatchObject({ job_name: 'j1', status: 'queued', total_files: 2, completed_at: null })
    const read = await fetch(`${url}/api/batch/status/${first.job_id}`, { headers: withToken })
    expect(await read.json()).toMatchObject({ job_id: first.job_id, status: 'completed', failed_files: 2 })
    const cancel = (id: string) => fetch(`${url}/api/batch/cancel/${id}`, { method: 'POST', headers: withToken })
    expect((await cancel(first.job_id)).status).toBe(400)
    const second = await submit()
    expect(await (await cancel(second.job_id)).json()).toEqual({
      success: true,
      job_id: second.job_id,
      status: 'cancelled',
    })
    const unknown = await cancel('x')
    expect([unknown.status, await unknown.json()]).toEqual([404, { detail: 'Job x not found' }])
    const status = await (await fetch(`${url}/status`, { headers: withToken })).json()
    expect(status).toMatchObject({ batch_jobs_active: 0, batch_jobs_completed: 1 })
  })
})
