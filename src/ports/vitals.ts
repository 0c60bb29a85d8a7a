/** Processor and memory use of the process. */
export interface Vitals {
  /** Percent of one processor since the last call. */
  cpuPercent(): number
  ramGib(): number
}
