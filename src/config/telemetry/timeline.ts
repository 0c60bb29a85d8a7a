/** Reads which finished work is recorded for timelines, and how many records are kept. */
import type { Environment } from '../environment/environment.ts'
import { IntegerText, parsedBy } from '../values.ts'

export interface TimelineConfig {
  /** From 0 to 1: of the work under a caller's correlation id that neither failed nor was slow. */
  share: number
  /** Work that takes as long is recorded in any case. */
  slowMs: number
  maxRows: number
}

const ShareText = parsedBy(
  (text) => (/^(0|1|0?\.\d{1,6}|1\.0{1,6})$/.test(text) ? Number(text) : null),
  'must be a number from 0 to 1, such as 0.05',
)

export const readTimelineConfig = (env: Environment): TimelineConfig => ({
  share: env.value('VX11_TIMELINE_SHARE', ShareText),
  slowMs: env.value('VX11_TIMELINE_SLOW_MS', IntegerText(1, 3_600_000)),
  maxRows: env.value('VX11_TIMELINE_ROWS', IntegerText(1000, 1_000_000_000)),
})
