/** A simulated shub: health, the audio routes and, when wanted, its entry guard (docs/contract/upstreams/shub.md). */
import * as v from 'valibot'
import { type Answer, detail, json, refuse } from './answers.ts'
import { Dict } from './body.ts'
import { type EntryGuardOptions, entryGuard } from './entry-guard.ts'
import { get, type Handler, post } from './routing.ts'
import { batchJobs } from './shub-batch.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'
import { streamRoutes } from './streams.ts'

export interface ShubOptions extends ListenOptions {
  /** What `/status` and `/api/*` want as `X-VX11-Token`. */
  token?: string
  /** Off by default. Signatures cover the body, so that a guarded body is read whole before it is answered. */
  guard?: EntryGuardOptions | null
  /** Fails, as the real one always does, or gives what it was designed to give. */
  analysis?: 'fails' | 'works'
  now?: () => number
}

const AudioRequest = v.object({
  audio_path: v.string(),
  sample_rate: v.optional(v.pipe(v.number(), v.integer()), 44_100),
  analysis_depth: v.optional(v.string(), 'full'),
  metadata: v.nullish(Dict),
})

export function startShub(options: ShubOptions = {}): Promise<Simulator> {
  const { token = 'shub-token', guard = null, analysis = 'fails', now = Date.now } = options
  const guarded = (handler: Handler): Handler => {
    return (exchange) => {
      if (exchange.header('x-vx11-token') !== token) throw refuse(403, 'Invalid VX11 token')
      return handler(exchange)
    }
  }
  const jobs = batchJobs(now)
  const audio = (works: (path: string) => Answer, failure: string): Handler =>
    guarded(async (exchange) => {
      const { audio_path } = await exchange.body(AudioRequest)
      return analysis === 'works' ? works(audio_path) : detail(500, failure)
    })

  const routes = [
    get('/health', () => json({ status: 'ok', module: 'shubniggurath', version: '7.0-FASE1' })),
    get('/ready', () => json({ ready: true, dsp_ready: true, vx11_bridge_ready: true })),
    get(
      '/status',
      guarded(() => json(status(jobs.counts()))),
    ),
    post(
      '/api/analyze',
      audio((path) => json(analysisOf(path, now())), `Analysis failed: ${bug}`),
    ),
    post(
      '/api/mastering',
      audio(() => json(mastering), `500: Analysis failed: ${bug}`),
    ),
    post('/api/batch/submit', guarded(jobs.submit)),
    get('/api/batch/status/{id}', guarded(jobs.status)),
    post('/api/batch/cancel/{id}', guarded(jobs.cancel)),
    get(
      '/api/reaper/projects',
      guarded(() => json({ status: 'stub', message: 'FASE 2 implementation', projects: [] })),
    ),
    post(
      '/api/reaper/apply-preset',
      guarded(async (exchange) => {
        await exchange.body(Dict)
        return json({ status: 'stub', message: 'FASE 2 implementation', preset_applied: false })
      }),
    ),
    ...streamRoutes,
  ]
  return startSimulator(
    { title: 'shubniggurath', routes, ...(guard && { guard: entryGuard({ now, ...guard }) }) },
    options,
  )
}

/** A path is handed over where samples are expected. */
const bug = "'str' object has no attribute 'shape'"

const status = (counts: Readonly<Record<'active' | 'completed' | 'failed', number>>) => ({
  health: {
    status: 'operational',
    module: 'shubniggurath',
    version: '7.0',
    dsp_ready: true,
    fx_ready: true,
    reaper_ready: false,
    batch_queue_size: counts.active,
    uptime_seconds: 0,
  },
  batch_jobs_active: counts.active,
  batch_jobs_completed: counts.completed,
  batch_jobs_failed: counts.failed,
  memory_usage_mb: 0,
  last_analysis: null,
  next_maintenance: null,
})

const analysisOf = (path: string, now: number) => ({
  success: true,
  audio_analysis: {
    duration: 12.5,
    sample_rate: 44_100,
    channels: 2,
    lufs_integrated: -14.2,
    peak_dbfs: -0.9,
    bpm: 120,
  },
  fx_chain: { name: 'auto', description: 'generated', plugins: [], routing: {}, presets: {} },
  reaper_preset: { project_name: path, tracks: [], fx_chains: [], routing_matrix: {}, automation: [], metadata: {} },
  issues: [],
  recommendations: [],
  timestamp: new Date(now).toISOString().replace('Z', '000'),
  processing_ms: 42,
})

const mastering = {
  success: true,
  analysis: { lufs_integrated: -14.2 },
  workflow_status: 'ready',
  next_step: 'apply',
}
