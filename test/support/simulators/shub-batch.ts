/** Shub's batch jobs: kept in memory, and every file fails, because analysis does (contract shub/routes). */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type Answer, json, refuse } from './answers.ts'
import type { Exchange } from './exchange.ts'

const BatchRequest = v.object({
  job_name: v.string(),
  audio_files: v.array(v.string()),
  analysis_type: v.optional(v.string(), 'full'),
  priority: v.optional(v.pipe(v.number(), v.integer()), 5),
})

interface BatchJob {
  job_id: string
  job_name: string
  status: 'queued' | 'completed' | 'cancelled'
  total_files: number
  processed_files: number
  failed_files: number
  created_at: string
  completed_at: string | null
  result_summary: Record<string, unknown> | null
}

/** A job waits until its status is asked for, and is done from then on: no clock decides what a test sees. */
export function batchJobs(now: () => number) {
  const jobs = new Map<string, BatchJob>()
  const stamp = (): string => new Date(now()).toISOString().replace('Z', '000')

  function find({ params }: Exchange): BatchJob {
    const job = jobs.get(params.id ?? '')
    if (job === undefined) throw refuse(404, `Job ${params.id} not found`)
    return job
  }

  function finish(job: BatchJob): void {
    if (job.status !== 'queued') return
    const summary = { total: job.total_files, failed: job.total_files }
    Object.assign(job, {
      status: 'completed',
      failed_files: job.total_files,
      completed_at: stamp(),
      result_summary: summary,
    })
  }

  return {
    counts: () => ({
      active: [...jobs.values()].filter((job) => job.status === 'queued').length,
      completed: [...jobs.values()].filter((job) => job.status === 'completed').length,
      failed: 0,
    }),

    async submit(exchange: Exchange): Promise<Answer> {
      const { job_name, audio_files } = await exchange.body(BatchRequest)
      const job: BatchJob = {
        job_id: randomUUID(),
        job_name,
        status: 'queued',
        total_files: audio_files.length,
        processed_files: 0,
        failed_files: 0,
        created_at: stamp(),
        completed_at: null,
        result_summary: null,
      }
      jobs.set(job.job_id, job)
      return json(job)
    },

    status(exchange: Exchange): Answer {
      const job = find(exchange)
      finish(job)
      return json(job)
    },

    cancel(exchange: Exchange): Answer {
      const job = find(exchange)
      if (job.status === 'completed') throw refuse(400, 'Cannot cancel completed job')
      job.status = 'cancelled'
      return json({ success: true, job_id: job.job_id, status: 'cancelled' })
    },
  }
}
