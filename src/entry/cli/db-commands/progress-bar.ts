/** Shows a progress bar on a terminal, else one line per finished step. */
import type { Progress } from '../../../db/maintenance/report.ts'

interface Screen {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const cells = 24

export function progressBar(screen: Screen) {
  let shown = 0
  return {
    show(progress: Progress) {
      if (screen.isTTY) screen.write(`\r\x1b[2K${barLine(progress).slice(0, (screen.columns ?? 80) - 1)}`)
      else for (const step of progress.finished.slice(shown)) screen.write(`${finishedLine(step)}\n`)
      shown = progress.finished.length
    },
    clear() {
      if (screen.isTTY) screen.write('\r\x1b[2K')
    },
  }
}

function barLine({ percent, step, rows }: Progress): string {
  const full = Math.round((percent / 100) * cells)
  const count = rows ? ` ${rows.done}/${rows.total}` : ''
  return `[${'#'.repeat(full)}${'.'.repeat(cells - full)}] ${String(percent).padStart(3)} %  ${step}${count}`
}

export const finishedLine = ({ step, status, duration_ms: ms }: Progress['finished'][number]): string =>
  `${step.padEnd(18)} ${status.padEnd(8)} ${(ms / 1000).toFixed(1).padStart(7)} s`
