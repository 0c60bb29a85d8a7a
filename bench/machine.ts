/** What the figures were taken on, and whether the machine was quiet enough to say anything. */
import { cpus, loadavg } from 'node:os'

export interface Machine {
  node: string
  cpu: string
  cores: number
  /** Of the last minute, before the first request. */
  loadAverage: number
}

/** Above this something else was running, and only ratios of one round mean anything. */
export const quietBelow = 0.7

export function readMachine(): Machine {
  const cores = cpus()
  return {
    node: process.version,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}

export const isQuiet = ({ loadAverage }: Pick<Machine, 'loadAverage'>): boolean => loadAverage <= quietBelow
