/** What the platform measures of the process. */
export interface Vitals {
  /** Of one processor, since the last call. */
  cpuPercent(): number
  ramGib(): number
}
