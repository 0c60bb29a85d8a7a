/** What the figures were taken on, and what else the machine did meanwhile. Looks at nothing that is measured. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { percentile } from './stats.ts'

export interface Machine {
  node: string
  cpu: string
  cores: number
  /** Of the last minute, before the first request. */
  loadAverage: number
}

/** Above this something else was running, and figures that count time say nothing against a promise. */
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

/** What the machine was like while one slice was measured. */
export interface Weather {
  /** Microseconds of a fixed piece of work, before and after: how fast the processor is right now. */
  calibrationUs: readonly [number, number]
  /** The part of the processors' time that the host gave to other machines. */
  steal: number
  /** Mean number of threads that run or want to. */
  runQueue: number
}

/** Measures while the work runs. */
export async function withWeather<T>(work: () => Promise<T>): Promise<{ result: T; weather: Weather }> {
  const before = calibrate()
  const ticksBefore = readTicks()
  const queue: number[] = [readRunQueue()]
  const timer = setInterval(() => queue.push(readRunQueue()), 50)
  try {
    const result = await work()
    const steal = stolen(ticksBefore, readTicks())
    const runQueue = queue.reduce((sum, count) => sum + count, 0) / queue.length
    return { result, weather: { calibrationUs: [before, calibrate()], steal, runQueue } }
  } finally {
    clearInterval(timer)
  }
}

const block = Buffer.alloc(32_768, 'a')
const far = Buffer.alloc(262_144)

/** Native work, so that V8's compilers have no say; of many blocks the quickest tenth, which was not interrupted. */
function calibrate(): number {
  const took = Array.from({ length: 100 }, () => {
    const startedAt = process.hrtime.bigint()
    createHash('sha256').update(block).digest()
    far.copyWithin(0, 131_072)
    return Number(process.hrtime.bigint() - startedAt) / 1000
  })
  return percentile(took, 10)
}

export interface Ticks {
  all: number
  stolen: number
}

const readTicks = (): Ticks => parseTicks(readFileSync('/proc/stat', 'utf8'))

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already. */
export function parseTicks(stat: string): Ticks {
  const ticks = (stat.split('\n', 1)[0] ?? '').split(/\s+/).slice(1, 9).map(Number)
  return { all: ticks.reduce((sum, count) => sum + count, 0), stolen: ticks[7] ?? 0 }
}

export const stolen = (before: Ticks, after: Ticks): number =>
  after.all > before.all ? (after.stolen - before.stolen) / (after.all - before.all) : 0

/** Less the thread that asks. */
const readRunQueue = (): number => parseRunQueue(readFileSync('/proc/loadavg', 'utf8')) - 1

/** The fourth field of /proc/loadavg is running/existing. */
export const parseRunQueue = (loadavg: string): number => Number(/ (\d+)\/\d+ /.exec(loadavg)?.[1] ?? 0)
